/** By step, mutants that no test can notice or that none should, with the reason. */
export const equivalent: Readonly<Record<string, Readonly<Record<string, string>>>> = {};
