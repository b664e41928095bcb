/** Time in milliseconds. The stand-in's own: it shares no code with the product that it tests. */

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
