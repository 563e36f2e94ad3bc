export declare const namespaceOptions: string[] | undefined;
export declare const hasNamespaces: boolean;
