/** What a parser process runs: see parser-process.ts. */
import { workOn } from './parser-work.ts';
import { serveJobs } from './parser-serve.ts';

serveJobs(workOn);
