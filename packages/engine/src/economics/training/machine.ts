/** Rates of the data sheet, the shares of them that training reaches, and the time that work takes at both. */
import type { AnyExpr, Expr } from "../../model/expression.ts";
import { constant, divide, multiply } from "../../model/expression.ts";
import type { Dimensionless } from "../../quantity/dimension.ts";
import type { Time, Unit } from "../../quantity/unit.ts";
import { one, second, unit } from "../../quantity/unit.ts";
import type { FlopPerGpuSecond } from "./run.ts";

export type Count = Expr<Dimensionless>;
export type BytesPerGpuSecond = { readonly B: 1; readonly s: -1; readonly gpu: -1 };
export type FlopPerGpu = { readonly FLOP: 1; readonly gpu: -1 };
export type BytesPerGpu = { readonly B: 1; readonly gpu: -1 };

export const gigabytesPerGpuSecond: Unit<BytesPerGpuSecond> = unit("GB/s/GPU", { B: 1, s: -1, gpu: -1 }, 1e9);
export const teraflopPerGpu: Unit<FlopPerGpu> = unit("TFLOP/GPU", { FLOP: 1, gpu: -1 }, 1e12);
export const gigabytesPerGpu: Unit<BytesPerGpu> = unit("GB/GPU", { B: 1, gpu: -1 }, 1e9);

export interface TrainingMachine {
	readonly peak: Expr<FlopPerGpuSecond>;
	readonly memoryBandwidth: Expr<BytesPerGpuSecond>;
	/** One way: within a server or rack, and of the network card. */
	readonly linkBandwidth: Expr<BytesPerGpuSecond>;
	readonly networkBandwidth: Expr<BytesPerGpuSecond>;
	readonly efficiencies: TrainingEfficiencies;
}

/** Shares of the data sheet's rates that are reached: the same for every model and layout. */
export interface TrainingEfficiencies {
	readonly matrix: Count;
	readonly memory: Count;
	readonly link: Count;
	readonly network: Count;
}

export const ONE: Count = constant(1, one);
export const TWO: Count = constant(2, one);
export const NO_TIME: Expr<Time> = constant(0, second);

export function matrixTime({ peak, efficiencies }: TrainingMachine, of: Expr<FlopPerGpu>): Expr<Time> {
	return divide(of, multiply(peak, efficiencies.matrix)) as AnyExpr as Expr<Time>;
}

export function memoryTime({ memoryBandwidth, efficiencies }: TrainingMachine, of: Expr<BytesPerGpu>): Expr<Time> {
	return divide(of, multiply(memoryBandwidth, efficiencies.memory)) as AnyExpr as Expr<Time>;
}

export function linkTime({ linkBandwidth, efficiencies }: TrainingMachine, of: Expr<BytesPerGpu>): Expr<Time> {
	return divide(of, multiply(linkBandwidth, efficiencies.link)) as AnyExpr as Expr<Time>;
}

export function networkTime({ networkBandwidth, efficiencies }: TrainingMachine, of: Expr<BytesPerGpu>): Expr<Time> {
	return divide(of, multiply(networkBandwidth, efficiencies.network)) as AnyExpr as Expr<Time>;
}

export function flops(factor: number, ...counts: readonly [Count, ...Count[]]): Expr<FlopPerGpu> {
	const each = constant(factor, unit("FLOP/GPU", { FLOP: 1, gpu: -1 }, 1));
	return multiply(product(...counts), each) as AnyExpr as Expr<FlopPerGpu>;
}

export function bytes(factor: number, ...counts: readonly [Count, ...Count[]]): Expr<BytesPerGpu> {
	const each = constant(factor, unit("B/GPU", { B: 1, gpu: -1 }, 1));
	return multiply(product(...counts), each) as AnyExpr as Expr<BytesPerGpu>;
}

export function product(...counts: readonly [Count, ...Count[]]): Count {
	return counts.reduce((a, b) => multiply(a, b) as Count);
}

export function over(a: Count, b: Count): Count {
	return divide(a, b) as Count;
}

/** `count` times as long. */
export function times(count: Count, of: Expr<Time>): Expr<Time> {
	return multiply(count, of) as AnyExpr as Expr<Time>;
}
