/** Written by scripts/compile-catalogue.mjs beside the compiled facts: one import of each. */
import type { CompiledParts } from "../compiled.ts";

export declare const parts: CompiledParts;
