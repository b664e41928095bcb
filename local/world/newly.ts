/** Each call gives what was added to the list since the call before. */
export const newOf = <Item>(list: () => readonly Item[]): (() => readonly Item[]) => {
  let seen = list().length;
  return () => {
    const added = list().slice(seen);
    seen += added.length;
    return added;
  };
};
