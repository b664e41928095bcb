/** Of every seed that is drawn or given: what each generator takes, in a part of the check as in the whole. */
export const largestSeed = 2 ** 31 - 1;
