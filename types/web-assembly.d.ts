// WebAssembly is in every host too, and lib es2023 lacks it.
declare global {
	namespace WebAssembly {
		class Memory {
			constructor(descriptor: { initial: number });
			readonly buffer: ArrayBuffer;
		}

		class Module {
			constructor(bytes: Uint8Array<ArrayBuffer>);
		}

		class Instance {
			constructor(module: Module, imports: Record<string, Record<string, unknown>>);
			readonly exports: Record<string, unknown>;
		}

		class CompileError extends Error {}
	}
}

export {};
