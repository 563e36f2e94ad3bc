export function problemOfPackages(error: unknown): string | undefined;
