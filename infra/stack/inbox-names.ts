import type { FunctionDefinition } from '../../shared/deployment/function-definition.ts';
import { queueNameOf, type StackContext } from '../../shared/deployment/names.ts';
import { logicalIdOf } from '../../shared/deployment/names-of-parts.ts';

type Owner = Pick<FunctionDefinition, 'slug' | 'timeoutSeconds'>;

export const inboxLogicalId = (slug: string): string => logicalIdOf('Inbox', slug);

export const inboxDeadLettersLogicalId = (slug: string): string => logicalIdOf('DeadLetters', slug);

/** What a function's own queue is called, through which events come to it. */
export const inboxQueueNameOf = (context: StackContext, { slug }: Pick<Owner, 'slug'>): string =>
  queueNameOf(context, slug);

/** Where is kept what it could not deal with. */
export const deadLetterQueueNameOf = (context: StackContext, { slug }: Pick<Owner, 'slug'>): string =>
  queueNameOf(context, `${slug}-dead-letters`);

/**
 * How long a message that a run took is hidden, and so when it is tried again after a run that died: six times what a run may
 * take (Lambda Developer Guide, "Using Lambda with Amazon SQS").
 */
export const hiddenSecondsOf = ({ timeoutSeconds }: Pick<Owner, 'timeoutSeconds'>): number => 6 * timeoutSeconds;
