/**
 * Share of a run's time that moves it forward, where GPUs fail and checkpoints stop the work.
 *
 * Failures come at random with mean time M = 1 ÷ (rate per GPU · GPUs). With a checkpoint of length δ after every τ of
 * work, and R to be running again, the expected time for τ of work is `M·e^(R/M)·(e^((τ+δ)/M) − 1)`: Daly, "A higher order
 * estimate of the optimum checkpoint interval for restart dumps" (2006), after Young (1974), whose first-order optimum is
 * `τ = √(2·δ·M)`. It counts work lost since the last checkpoint and failures while restarting; always between 0 and 1.
 */
import type { AnyExpr, Expr } from "../../model/expression.ts";
import { add, constant, define, divide, exponential, multiply, power, subtract } from "../../model/expression.ts";
import type { Dimensionless } from "../../quantity/dimension.ts";
import type { Gpus, Time, Unit } from "../../quantity/unit.ts";
import { fraction, hour, minute, one, second, unit } from "../../quantity/unit.ts";

export type FailureRate = { readonly gpu: -1; readonly s: -1 };
export const failuresPerGpuYear: Unit<FailureRate> = unit("/GPU/year", { gpu: -1, s: -1 }, 1 / 31_536_000);

export interface FailureInputs {
	readonly failures: Expr<FailureRate>;
	readonly gpus: Expr<Gpus>;
	/** From a failure until the run goes on, without the work that is lost. */
	readonly restart: Expr<Time>;
	/** Time that a checkpoint stops the work. */
	readonly checkpoint: Expr<Time>;
	/** Work between checkpoints; by Young's optimum unless given. */
	readonly interval?: Expr<Time>;
}

export interface Goodput {
	readonly goodput: Expr<Dimensionless>;
	readonly interval: Expr<Time>;
	readonly meanTimeToFailure: Expr<Time>;
}

export function checkpointGoodput(prefix: string, of: FailureInputs): Goodput {
	const rate = multiply(of.failures, of.gpus) as AnyExpr as Expr<{ readonly s: -1 }>;
	const mean = define(`${prefix}mean_time_to_failure`, hour, divide(constant(1, one), rate) as AnyExpr as Expr<Time>, {
		label: "mean time between failures that stop the run",
		formula: "M = 1 ÷ (failures per GPU · GPUs)",
	});
	const interval = of.interval ?? youngInterval(prefix, of.checkpoint, mean);
	const over = (time: Expr<Time>): Expr<Dimensionless> => divide(time, mean) as AnyExpr as Expr<Dimensionless>;
	const cycle = subtract(exponential(over(add(interval, of.checkpoint))), constant(1, one));
	const goodput = define(
		`${prefix}goodput`,
		fraction,
		divide(over(interval), multiply(exponential(over(of.restart)), cycle)) as AnyExpr as Expr<Dimensionless>,
		{
			label: "share of the time that moves the run forward",
			formula: "(τ/M) ÷ (e^(R/M) · (e^((τ+δ)/M) − 1)): Daly (2006), failures at random",
		},
	);
	return { goodput, interval, meanTimeToFailure: mean };
}

/** `τ = √(2·δ·M)`: good where checkpoints are short against the time between failures. */
export function youngInterval(prefix: string, checkpoint: Expr<Time>, mean: Expr<Time>): Expr<Time> {
	const inSeconds = (time: Expr<Time>): Expr<Dimensionless> =>
		divide(time, constant(1, second)) as AnyExpr as Expr<Dimensionless>;
	const product = multiply(multiply(constant(2, one), inSeconds(checkpoint)), inSeconds(mean));
	const root = power(product as Expr<Dimensionless>, constant(0.5, one));
	return define(`${prefix}checkpoint_interval`, minute, multiply(root, constant(1, second)) as AnyExpr as Expr<Time>, {
		label: "work between checkpoints",
		formula: "τ = √(2·δ·M): Young, A first order approximation to the optimum checkpoint interval (1974)",
	});
}
