export declare const hasNamespaces: boolean;
