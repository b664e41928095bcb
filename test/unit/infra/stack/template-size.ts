import type { StackParts } from '../../../../infra/functions.ts';
import type { TemplateSize } from '../../../../infra/packaging/room.ts';
import { buildStack } from '../../../../infra/stack/stack.ts';
import type { Configuration } from '../../../../shared/core/configuration.ts';
import { largeConfiguration } from './stack-under-test.ts';

/**
 * What osls adds, in bytes: to a function as the stack has it its code, log group, tags and output, to a durable one version
 * and alias, and once the deployment bucket with its policy. Rounded up from a packaged stack, which a contract test holds
 * against it.
 */
const bytesOfOsls = { ofFunction: 1_200, ofDurable: 1_200, once: 2_500 } as const;

/** The same of a stack of so many brokers. */
export const sizeOf = (brokerCount: number, parts: StackParts, preset: string): TemplateSize =>
  sizeOfStack(largeConfiguration(brokerCount, parts, { preset }), parts);

/** The stack of `orders` as CloudFormation gets it, told without packaging: never less than that is. */
export const sizeOfStack = (configuration: Configuration, parts: StackParts): TemplateSize => {
  const { resources, functions, outputs } = buildStack(configuration, 'orders', parts);
  const durableCount = parts.functions.filter(({ durable }) => durable !== undefined).length;
  return {
    resourceCount: Object.keys(resources).length + 2 * parts.functions.length + 2 * durableCount + 2,
    templateBytes:
      Buffer.byteLength(JSON.stringify({ resources, functions, outputs })) +
      bytesOfOsls.ofFunction * parts.functions.length +
      bytesOfOsls.ofDurable * durableCount +
      bytesOfOsls.once,
  };
};
