/** What a parser process runs: see parser-process.ts. */
import { workOn } from './parser-job.ts';
import { serveJobs } from './parser-serve.ts';

serveJobs(workOn);
