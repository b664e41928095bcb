/** Two lists of the same items in the same order. */
export const isSameList = <Item extends PropertyKey>(left: readonly Item[], right: readonly Item[]): boolean =>
  left.length === right.length && left.every((item, index) => item === right[index]);
