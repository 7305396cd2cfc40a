// What every host of the pure packages has and lib es2023 lacks. Not the whole DOM: these packages do no I/O.
declare global {
	class TextEncoder {
		encode(input?: string): Uint8Array<ArrayBuffer>;
	}

	class TextDecoder {
		constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
		decode(input?: ArrayBuffer | ArrayBufferView): string;
	}

	function structuredClone<T>(value: T): T;
}

export {};
