import { AwsError } from '../../service.ts';
import type { FunctionConfiguration, LambdaFunction } from './function.ts';

/** A function, the version that a reference means, and the reference's own ARN. */
export type ResolvedFunction = {
  readonly lambdaFunction: LambdaFunction;
  readonly configuration: FunctionConfiguration;
  /** `$LATEST` where none was given. */
  readonly qualifier: string;
  /** With the qualifier, where one was given: what policies and the context's invokedFunctionArn name. */
  readonly referenceArn: string;
};

export type FunctionRegistry = {
  readonly all: ReadonlyMap<string, LambdaFunction>;
  add(lambdaFunction: LambdaFunction): void;
  /**
   * @param reference a name, `name:qualifier`, a partial ARN (`account:function:name`) or a whole one
   * @throws AwsError ResourceNotFoundException
   */
  resolve(reference: string, qualifier?: string): ResolvedFunction;
};

export function createFunctionRegistry(): FunctionRegistry {
  const all = new Map<string, LambdaFunction>();
  return {
    all,
    add: (lambdaFunction) => void all.set(lambdaFunction.latest.name, lambdaFunction),
    resolve(reference, qualifier) {
      const parts = parseReference(reference);
      const lambdaFunction = all.get(parts.name);
      const asked = qualifier ?? parts.qualifier;
      if (lambdaFunction === undefined) throw notFound(reference, asked);
      const { latest, versions, aliases } = lambdaFunction;
      const version = asked === undefined ? '$LATEST' : (aliases.get(asked) ?? asked);
      const configuration = version === '$LATEST' ? latest : versions.get(version);
      if (configuration === undefined) throw notFound(reference, asked);
      return {
        lambdaFunction,
        configuration,
        qualifier: asked ?? '$LATEST',
        referenceArn: asked === undefined ? latest.arn : `${latest.arn}:${asked}`,
      };
    },
  };
}

/** The name and, if any, the qualifier of a reference in one of Lambda's forms. */
export function parseReference(reference: string): { readonly name: string; readonly qualifier: string | undefined } {
  const afterFunction = /^(?:arn:aws[^:]*:lambda:[^:]*:\d+:|\d+:)function:(.+)$/.exec(reference)?.[1] ?? reference;
  const [name = '', qualifier] = afterFunction.split(':');
  return { name, qualifier };
}

function notFound(reference: string, qualifier: string | undefined): AwsError {
  const what = qualifier === undefined ? reference : `${reference}:${qualifier}`;
  return new AwsError('ResourceNotFoundException', 404, `Function not found: ${what}`, { Type: 'User' });
}
