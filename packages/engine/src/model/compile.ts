/**
 * A model as one compiled loop over draws and months: as WebAssembly where the host has it, else as JavaScript where text
 * may become code. Both have the bits of the interpreter.
 */
import { compileJavaScript } from "./compile-javascript.ts";
import { compileWasm } from "./compile-wasm.ts";
import type { CompiledLoop } from "./compiled-loop.ts";
import type { Model } from "./flatten.ts";
import type { LoopOptions, LoopPlan } from "./loop-plan.ts";
import { planLoop } from "./loop-plan.ts";

export type CompileTarget = "wasm" | "javascript";

export interface CompileOptions extends LoopOptions {
	/** Those to try, in this order; both unless told. */
	readonly targets?: readonly CompileTarget[];
}

/**
 * Undefined where the host allows none of the targets, or where something that is the same in all draws is broken: then the
 * interpreter has the word. Throws `unknown-node`.
 */
export function compile(model: Model, options: CompileOptions): CompiledLoop | undefined {
	const plan = planLoop(model, options);
	if (plan.broken) return undefined;
	for (const target of options.targets ?? (["wasm", "javascript"] as const)) {
		try {
			return MAKERS[target](plan);
		} catch (error) {
			if (!isRefusal(error)) throw error;
		}
	}
	return undefined;
}

const MAKERS: Readonly<Record<CompileTarget, (plan: LoopPlan) => CompiledLoop>> = {
	wasm: compileWasm,
	javascript: compileJavaScript,
};

/** A content security policy forbids code, or the host knows no WebAssembly with vectors. */
function isRefusal(error: unknown): boolean {
	if (error instanceof EvalError || typeof WebAssembly === "undefined") return true;
	return error instanceof WebAssembly.CompileError;
}
