/**
 * How load spreads around its mean while no traffic has been measured: the load that is exceeded a share `1 − x` of the time
 * is `p · x^(p−1)` times the mean, with peak-to-mean `p`. Its mean is 1 and its peak `p`; at `p = 2` load is uniform. Above a
 * level `b` lies `(1 − x^p) − b · (1 − x)` of all tokens, `x = (b/p)^(1/(p−1))`. An assumption, until traffic is known.
 */
import type { AnyExpr } from "../../model/expression.ts";
import { raised } from "./calendar.ts";
import { choose, least, minus, most, number, over, positive, times } from "./formula.ts";

/** Share of the tokens that a fleet which serves up to `level` times the mean leaves to others. */
export function shareAbove(level: AnyExpr, peakToMean: AnyExpr): AnyExpr {
	const spread = most(minus(peakToMean, number(1)), number(1e-6));
	const inside = least(positive(level), peakToMean);
	const below = raised(over(inside, peakToMean), over(number(1), spread));
	const above = minus(minus(number(1), raised(below, peakToMean)), times(inside, minus(number(1), below)));
	const flat = positive(minus(number(1), level));
	return choose(peakToMean, "<=", number(1 + 1e-6), flat, positive(above));
}
