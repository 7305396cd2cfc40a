/**
 * Replicas beyond those that the load needs, of which enough are up: the fewest s with P(X ≥ k) ≥ A, X ~ Binomial(k + s, a), where
 * k replicas are needed, each is up a share a of the time, and A is the availability of the fleet.
 * Assumption: replicas fail independently of each other, and a failed one is repaired whatever the others do. One host that
 * takes several replicas with it, or a site that fails, is not in it.
 */

/** `up` above 0, `availability` below 1. */
export function sparesForFailures(needed: number, up: number, availability: number): number {
	if (up >= 1) return 0;
	const enough = (spares: number): boolean => enoughUp(needed, spares, up) >= availability;
	if (enough(0)) return 0;
	let low = 0;
	let high = 1;
	while (!enough(high)) {
		low = high;
		high *= 2;
	}
	while (high - low > 1) {
		const middle = (low + high) >> 1;
		if (enough(middle)) high = middle;
		else low = middle;
	}
	return high;
}

/**
 * Probability that at least `needed` of `needed + spares` replicas are up. The terms of the binomial are built from the one
 * without a failure, whose own size cancels: it may be too small for a number.
 */
export function enoughUp(needed: number, spares: number, up: number): number {
	const all = needed + spares;
	const odds = (1 - up) / up;
	let term = 1;
	let total = 1;
	let within = 1;
	for (let down = 1; down <= all; down++) {
		const ratio = ((all - down + 1) / down) * odds;
		term *= ratio;
		total += term;
		if (down <= spares) within += term;
		if (ratio < 1 && down > spares && term < total * 1e-18) break;
		if (total > RESCALED_AT) {
			term /= RESCALED_AT;
			total /= RESCALED_AT;
			within /= RESCALED_AT;
		}
	}
	return within / total;
}

const RESCALED_AT = 1e200;
