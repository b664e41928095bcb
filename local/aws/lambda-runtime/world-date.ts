/**
 * Moves this process's `Date`, so that a function that runs in a world whose clock is elsewhere asks for the metrics of
 * that world's last hour. Timers and `performance` stay real: a network call takes as long as it takes.
 *
 * @param shiftMs asked each time
 */
export function moveDate(shiftMs: () => number): void {
  const MachineDate = Date;
  globalThis.Date = new Proxy(MachineDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [target.now() + shiftMs()] : args, newTarget),
    apply: () => new MachineDate(MachineDate.now() + shiftMs()).toString(),
    get: (target, name, receiver) =>
      name === 'now' ? () => target.now() + shiftMs() : Reflect.get(target, name, receiver),
  });
}
