export const ODD: string;
export const WITH_HASH: string;
export function copyProject(name: string, parts?: readonly string[]): string;
