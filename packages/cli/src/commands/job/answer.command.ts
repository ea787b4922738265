import type { AddCommand } from '../../cli.js';
import { addConnectionArguments, type ConnectionArguments } from '../../jobs/connection-arguments.js';
import { readJson } from '../../jobs/read-json.js';
import { toJson } from '../../terminal/to-json.js';

export const addJobAnswer: AddCommand = (jobs, terminal, end) => {
  const command = jobs
    .command('answer')
    .argument('<question>', 'its id; `taskloom job show` tells it')
    .argument('<json>', 'the answer: JSON, @file, or - for standard input')
    .description('Answers a question to a person. The first answer that fits its schema counts.')
    .option('--json', 'print the question as it is now, as one line of JSON')
    .addHelpText('after', `\nExample:\n  taskloom job answer 01a1fd45-f7d5-7d49-8eb9-d2ac85137102:q1 '{ "approved": true }'`)
    .action(async (id: string, text: string, given: ConnectionArguments) => {
      const answer = await readJson(text, 'The answer', terminal);
      const { withClient } = await import('../../jobs/connection.js');
      end(
        await withClient(given, terminal, async (client) => {
          const request = await client.answerHumanRequest(id, answer);
          terminal.out(given.json ? `${toJson(request)}\n` : `Question ${request.id} is ${request.status}.\n`);
          return 0;
        }),
      );
    });
  addConnectionArguments(command);
};
