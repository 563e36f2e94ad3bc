export declare const chromium: string | undefined;
export declare const flags: string[];
