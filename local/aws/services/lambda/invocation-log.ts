import type { SandboxResult } from '../../lambda-runtime/sandbox.ts';

/** The whole log of an invocation as Lambda writes it: START, the function's own lines, what ended it, END, REPORT. */
export function systemLines(
  result: SandboxResult,
  about: { readonly requestId: string; readonly version: string; readonly memoryMb: number; readonly atMs: number },
): readonly { readonly atMs: number; readonly message: string }[] {
  const { requestId, version, memoryMb, atMs } = about;
  const firstMs = result.output[0]?.atMs ?? 0;
  const own = result.output.map((line) => ({ atMs: atMs + (line.atMs - firstMs), message: line.text }));
  const endMs = Math.max(atMs + result.durationMs, own.at(-1)?.atMs ?? 0);
  const line = (message: string) => ({ atMs: endMs, message });
  const ended =
    result.status === 'timeout'
      ? [line(`${new Date(endMs).toISOString()} ${requestId} ${result.error.errorMessage.replace(/^.*Error: /, '')}`)]
      : result.status !== 'success' && result.error.trace === undefined
        ? [line(`${result.error.errorMessage}\n${result.error.errorType}`)]
        : [];
  return [
    { atMs, message: `START RequestId: ${requestId} Version: ${version}` },
    ...own,
    ...ended,
    line(`END RequestId: ${requestId}`),
    line(reportLine(result, requestId, memoryMb)),
  ];
}

function reportLine(result: SandboxResult, requestId: string, memoryMb: number): string {
  const initMs = result.initMs ?? 0;
  const usedMb = Math.ceil(result.maxMemoryBytes / 1024 / 1024);
  const status = {
    success: [],
    timeout: ['Status: timeout'],
    error: ['Status: error', `Error Type: ${result.status === 'error' ? result.error.errorType : ''}`],
    'out-of-memory': ['Status: error', 'Error Type: Runtime.OutOfMemory'],
  }[result.status];
  return [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${result.durationMs.toFixed(2)} ms`,
    // Since August 2025 the loading of the handler is billed too.
    `Billed Duration: ${Math.ceil(result.durationMs + initMs)} ms`,
    `Memory Size: ${memoryMb} MB`,
    `Max Memory Used: ${usedMb} MB`,
    ...(result.initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
    ...status,
  ].join('\t');
}
