export declare function importSeal(): Promise<{ default: () => Promise<unknown> }>;
