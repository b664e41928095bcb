/** `host:port,host:port` as a list, as mskeeper.yml and the MSK API write it; blanks around a server are no part of it. */
export const splitServers = (list: string): readonly string[] =>
  list
    .split(',')
    .map((server) => server.trim())
    .filter((server) => server !== '');
