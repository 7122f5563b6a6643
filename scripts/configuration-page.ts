import { OPTIONS, PACKAGE_ROOT } from '../src/config.ts';
import { fileName, flagOf } from '../src/config/names.ts';
import type { Option } from '../src/config/read.ts';
import { shownDefault } from '../src/config/show.ts';

const INTRO = `# Settings

<!-- Made by \`npm run docs\` from the table of src/config.ts; change it there. -->

Every setting has a variable of the environment and a flag of the command line. The name of the flag follows from that of
the variable: without \`SHUTTLEWATCH_\`, in small letters, with hyphens for underscores. \`SHUTTLEWATCH_POLL_MINUTES=5\`,
\`--poll-minutes 5\` and \`--poll-minutes=5\` are the same.

- **A flag wins over the environment**, and an empty flag (\`--database-url=\`) takes back what the environment says. An empty
  variable counts as unset.
- Flags stand before the command or behind it: \`shuttlewatch --zone Asia/Seoul search taiwan\` and
  \`shuttlewatch search taiwan --zone Asia/Seoul\` are the same. In a query a single hyphen leaves out a word (\`-log\`), two make
  a flag (\`--log\`), and behind \`--\` everything is query.
- **Everything that is wrong is told at once**, naming the flag, variable or file it was found in; the exit code is 2, and
  nothing has been started by then.
- A variable that begins with \`SHUTTLEWATCH_\` and is no setting is remarked on, with the name that may have been meant.
- \`shuttlewatch config\` prints every setting, its value and where that comes from, for programs with \`--json\`. Secrets are
  hidden, passwords inside URLs too.
- No file of settings is read: no \`.env\`, no file in the home directory. docker-compose and systemd read theirs for us.
`;

const SECRETS = `## Secrets

What is marked as a secret is never printed or logged. Three ways to set one, the best first:

1. **A file.** \`DATABASE_URL_FILE=/run/secrets/database_url\` reads the value from that file, without the space around it. This
   is what secrets of Docker and Kubernetes are, and systemd's \`LoadCredential=\`: nothing is in the environment, where child
   processes and crash reports find it. \`--database-url-file\` is the same as a flag. To set a value and its file is an error.
2. **The variable.** Other processes of the same user can read it.
3. **The flag.** It works, and every user of the machine can read it in the list of processes; shells keep it in their history.

On Kubernetes, set \`enableServiceLinks: false\` for the pods: a Service by the name of \`shuttlewatch\` would otherwise add
variables like \`SHUTTLEWATCH_SERVICE_HOST\` to them, each of which is remarked on.
`;

function section(name: string, option: Option<unknown>): string {
  const { parser, about, secret } = option;
  const fallback = shownDefault(option, process.cwd(), PACKAGE_ROOT);
  const lines = [
    `### ${name}\n`,
    `${about}.\n`,
    `- takes ${parser.takes}`,
    `- flag: \`${flagOf(name)} <${parser.word}>\``,
    `- default: ${fallback === null ? 'unset' : `\`${fallback}\``}`,
    ...(secret
      ? [`- secret; also from a file: \`${fileName(name)}\`, \`${flagOf(fileName(name))} <file>\``]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** The page about settings, as Markdown. */
export function configurationPage(): string {
  const sections = Object.entries(OPTIONS).map(([name, option]) => section(name, option));
  return [INTRO, SECRETS, '## All settings\n', sections.join('\n')].join('\n');
}
