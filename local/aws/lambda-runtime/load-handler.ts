import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RuntimeError } from './error-shape.ts';

export type Handler = (event: unknown, context: unknown) => unknown;

/**
 * Loads `folder/file.export` as Lambda does: the file's name ends at its first dot, the rest is the export's path;
 * `.js` is ESM where the nearest package.json says `"type": "module"`, then `.mjs`, then `.cjs`.
 * Source: aws-lambda-nodejs-runtime-interface-client.
 *
 * @throws RuntimeError in Lambda's words, or what the module itself throws while it is loaded
 */
export async function loadHandler(taskRoot: string, handler: string): Promise<Handler> {
  if (handler.includes('..'))
    throw new RuntimeError('MalformedHandlerName', `'${handler}' is not a valid handler name.`);
  const match = /^([^.]*)\.(.*)$/.exec(basename(handler));
  if (match === null) throw new RuntimeError('MalformedHandlerName', 'Bad handler');
  const [, fileName = '', exportPath = ''] = match;
  const module = await loadModule(resolve(taskRoot, join(dirname(handler), fileName)), taskRoot);
  let found: unknown = module;
  for (const part of exportPath.split('.')) found = Object(found)[part];
  if (found === undefined || found === null) {
    throw new RuntimeError('HandlerNotFound', `${handler} is undefined or not exported`);
  }
  if (typeof found !== 'function') throw new RuntimeError('HandlerNotFound', `${handler} is not a function`);
  // A function's parameters cannot be read from its type; Lambda calls whatever is exported.
  const callable = found as Handler;
  if (callable.length >= 3) {
    throw new RuntimeError(
      'CallbackHandlerDeprecated',
      'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24.',
    );
  }
  return callable;
}

async function loadModule(path: string, taskRoot: string): Promise<unknown> {
  const require = createRequire(join(taskRoot, 'index.js'));
  try {
    if (existsSync(`${path}.js`)) {
      return isModuleFolder(dirname(path), taskRoot)
        ? await import(pathToFileURL(`${path}.js`).href)
        : require(`${path}.js`);
    }
    if (existsSync(`${path}.mjs`)) return await import(pathToFileURL(`${path}.mjs`).href);
    if (existsSync(`${path}.cjs`)) return require(`${path}.cjs`);
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError('UserCodeSyntaxError', `SyntaxError: ${error.message}`);
    const code: unknown = Object(error).code;
    if (error instanceof Error && (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND')) {
      throw new RuntimeError('ImportModuleError', `Error: ${error.message}`);
    }
    throw error;
  }
  throw new RuntimeError('ImportModuleError', `Error: Cannot find module '${basename(path)}'`);
}

/** Whether the nearest package.json, up to the task root, declares ES modules. */
function isModuleFolder(folder: string, taskRoot: string): boolean {
  const file = join(folder, 'package.json');
  if (existsSync(file)) return Object(JSON.parse(readFileSync(file, 'utf8'))).type === 'module';
  return folder !== taskRoot && folder.startsWith(taskRoot) && isModuleFolder(dirname(folder), taskRoot);
}
