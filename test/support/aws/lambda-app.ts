/** The files of a package whose functions do one thing each: answer, fail, hang, leak, log. */
export const lambdaApp: Readonly<Record<string, string>> = {
  'src/app.mjs': `
    import { homedir } from 'node:os';
    let calls = 0;
    export const echo = async (event, context) => {
      calls += 1;
      return { event, calls, remaining: context.getRemainingTimeInMillis(), ...context };
    };
    export const environment = async () => ({ environment: process.env, home: homedir(), cwd: process.cwd() });
    export const fails = async () => { throw new RangeError('out of range'); };
    export const throwsText = async () => { throw 'just text'; };
    export const sleeps = async () => { console.log('before'); await new Promise((r) => setTimeout(r, 60000)); };
    export const never = async () => { await new Promise(() => {}); };
    export const exits = async () => process.exit(3);
    export const leaks = async () => { const all = []; for (;;) { all.push(Buffer.alloc(8_000_000, 1)); await new Promise((r) => setTimeout(r, 5)); } };
    export const rejects = async () => { Promise.reject(new Error('nobody listens')); await new Promise((r) => setTimeout(r, 1000)); };
    export const talks = async () => {
      console.log('two\\nlines');
      console.error('bad %s', 'luck');
      process.stdout.write(JSON.stringify({
        _aws: { Timestamp: Date.now(), CloudWatchMetrics: [{ Namespace: 'mskeeper', Dimensions: [['Cluster']], Metrics: [{ Name: 'RunCompleted' }] }] },
        Cluster: 'orders', RunCompleted: 1,
      }) + '\\n');
      return new Date().toISOString();
    };
    export const large = async ({ bytes }) => 'x'.repeat(bytes);
    export const nothing = () => undefined;
    export const callback = (event, context, callback) => callback(null, 1);
    export const value = 42;`,
  'broken.mjs': 'export const handler = async () => {',
  'lost.mjs': "import 'no-such-package'; export const handler = async () => 1;",
  'early.mjs': "throw new TypeError('no configuration');",
  'hangs.mjs': 'await new Promise(() => {}); export const handler = async () => 1;',
  'common.js': "exports.handler = async () => ({ __filename: require('path').basename(__filename) });",
  'names.with.dots.mjs': 'export const handler = async () => 1;',
};
