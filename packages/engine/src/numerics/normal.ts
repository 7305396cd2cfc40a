/**
 * Distribution function of the standard normal distribution by W. J. Cody's rational approximations of erfc ("Rational
 * Chebyshev approximations for the error function", Mathematics of Computation 23 (1969), 631-637). Relative error about
 * 1e-15 where the value is above 1e-300.
 */
import { exp } from "./elementary.ts";

/** Probability of a value below `z`. */
export function normalProbability(z: number): number {
	return 0.5 * complementaryError(-z * SQRT_HALF);
}

const SQRT_HALF = 0.7071067811865476;
const ONE_BY_SQRT_PI = 0.5641895835477563;

/** erfc(x). */
function complementaryError(x: number): number {
	const y = Math.abs(x);
	if (y <= 0.46875) return 1 - (x * over(A, x * x)) / over(B, x * x);
	const tail = y <= 4 ? gauss(y) * (over(C, y) / over(D, y)) : far(y);
	return x < 0 ? 2 - tail : tail;
}

function far(y: number): number {
	const z = 1 / (y * y);
	return (gauss(y) * (ONE_BY_SQRT_PI - (z * over(P, z)) / over(Q, z))) / y;
}

/** exp(−y²), the square split so that its last digits are not lost. */
function gauss(y: number): number {
	const near = Math.floor(y * 16) / 16;
	return exp(-near * near) * exp(-(y - near) * (y + near));
}

function over(coefficients: readonly number[], x: number): number {
	return coefficients.reduce((sum, each) => sum * x + each);
}

// Highest power first.
const A = [
	1.85777706184603153e-1, 3.1611237438705656, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3,
];
const B = [1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3];
const C = [
	2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1, 2.98635138197400131e2,
	8.8195222124176909e2, 1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3,
];
const D = [
	1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3, 3.29079923573345963e3,
	4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3,
];
const P = [
	1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1,
	1.60837851487422766e-2, 6.58749161529837803e-4,
];
const Q = [
	1, 2.56852019228982242, 1.87295284992346725, 5.27905102951428412e-1, 6.05183413124413191e-2, 2.33520497626869185e-3,
];
