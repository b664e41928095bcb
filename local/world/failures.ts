/** What broke in the world itself, as opposed to in mskeeper: a drill in such a world proves nothing and fails. */
export type WorldFailures = {
  readonly record: (part: string, failure: unknown) => void;
  /** One sentence each, oldest first. */
  readonly all: () => readonly string[];
};

/** @param onFailure told of each as it happens */
export const openFailures = (onFailure: (sentence: string) => void): WorldFailures => {
  const sentences: string[] = [];
  return {
    record: (part, failure) => {
      const sentence = `${part} failed: ${describeFailure(failure)}`;
      sentences.push(sentence);
      onFailure(sentence);
    },
    all: () => sentences,
  };
};

/** Names an AWS-side error by its code (the stand-in's own, or one that the SDK threw), any other by its class. */
export const describeFailure = (failure: unknown): string => {
  if (!(failure instanceof Error)) return String(failure);
  const code = 'code' in failure && typeof failure.code === 'string' ? failure.code : failure.name;
  return code === 'Error' ? failure.message : `${code}: ${failure.message}`;
};
