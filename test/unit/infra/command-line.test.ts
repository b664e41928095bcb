import { expect, test } from 'vitest';
import { parseOptions, UsageError } from '../../../infra/command-line.ts';

test.each([[['--file']], [['--file', '--json']], [['--json=yes']], [['--jsn']], [['word']]])(
  '%j is a mistake in the command line',
  (args) => {
    const options = { file: { type: 'string' }, json: { type: 'boolean' } } as const;
    expect(() => parseOptions(args, { options })).toThrow(UsageError);
  },
);
