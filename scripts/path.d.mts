export function problemOfPath(command: 'build' | 'dev'): string | undefined;
export function checkPath(command: 'build' | 'dev'): void;
