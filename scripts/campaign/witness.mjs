import { openSync, readFileSync, writeSync } from 'node:fs';

/**
 * One line of the witness ledger: something that a process did or was told, in the order in which it happened.
 *
 * @typedef {object} Line
 * @property {string} what
 * @property {string} job its id, or the key it is submitted with where there is no id yet
 * @property {string} task its key
 * @property {string} more
 * @property {string} pid of the process
 */

/**
 * Opens the ledger for a worker. Each note is one short write to a file opened with O_APPEND, so that no line is torn and none is
 * lost when the process is killed.
 *
 * @param {string} path
 * @returns {(what: string, job?: string, task?: string, more?: string | number) => void}
 */
export function openWitness(path) {
  const file = openSync(path, 'a');
  return (what, job = '', task = '', more = '') => {
    writeSync(file, `${what}\t${job}\t${task}\t${more}\t${process.pid}\n`);
  };
}

/** @param {string} path @returns {Line[]} none where no process has noted anything */
export function readWitness(path) {
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return [];
  }
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [what, job, task, more, pid] = line.split('\t');
      return { what, job, task, more, pid };
    });
}
