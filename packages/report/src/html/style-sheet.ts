/** The look of the page: light and dark on screen, always light on paper. */
import type { Look } from "../report-model.ts";
import { darkPalette, lightPalette, type Palette } from "../charts/mark-style.ts";

export function styleSheet(look: Look = {}): string {
	const light = variables(lightPalette, lightSigns);
	const dark = variables(darkPalette, darkSigns);
	return `${plainSheet(light, dark)}${accentRules(look)}`;
}

function plainSheet(light: string, dark: string): string {
	return `:root {\n\tcolor-scheme: light dark;\n${light}}
@media screen and (prefers-color-scheme: dark) {\n:root {\n${dark}}\n}
${RULES}`;
}

/** The colour of a team, on white only: on a dark ground nobody has chosen one that can be read. */
function accentRules({ accent }: Look): string {
	if (accent === undefined) return "";
	return `@media screen and (prefers-color-scheme: light) {\n:root { --total: ${accent}; }\nh2 { color: ${accent}; }\n}\n@media print {\n:root { --total: ${accent}; }\nh2 { color: ${accent}; }\n}\n`;
}

/** Words on a tinted ground: grades and verdicts. */
export interface Signs {
	readonly good: Sign;
	readonly fair: Sign;
	readonly weak: Sign;
	readonly bad: Sign;
	readonly unknown: Sign;
}

export interface Sign {
	readonly ground: string;
	readonly text: string;
}

export const lightSigns: Signs = {
	good: { ground: "#d9f0e6", text: "#0b5a41" },
	fair: { ground: "#dceaf8", text: "#114a80" },
	weak: { ground: "#fbeccb", text: "#6b4a00" },
	bad: { ground: "#fbdfd9", text: "#8c2412" },
	unknown: { ground: "#e8ebef", text: "#3d4754" },
};

export const darkSigns: Signs = {
	good: { ground: "#123d30", text: "#8fe3c4" },
	fair: { ground: "#15375a", text: "#a9d3fa" },
	weak: { ground: "#45340c", text: "#f3d68a" },
	bad: { ground: "#4f1d14", text: "#f9b5a6" },
	unknown: { ground: "#2a323c", text: "#cfd6de" },
};

function variables(palette: Palette, signs: Signs): string {
	const { series, ...named } = palette;
	const pairs = [
		...Object.entries(named),
		...series.map((color, i) => [`series-${i}`, color] as const),
		...Object.entries(signs).flatMap(([name, { ground, text }]) => [
			[`${name}-ground`, ground] as const,
			[`${name}-text`, text] as const,
		]),
	];
	return pairs.map(([name, color]) => `\t--${name}: ${color};\n`).join("");
}

const RULES = `* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
	margin: 0 auto;
	padding: 2.5rem 1.25rem 4rem;
	max-width: 62rem;
	background: var(--ground);
	color: var(--text);
	font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
	overflow-wrap: break-word;
}
h1, h2 { line-height: 1.25; text-wrap: balance; overflow-wrap: anywhere; }
h1 { margin: 0 0 1rem; font-size: 1.25rem; font-weight: 600; color: var(--muted); }
h2 { margin: 3.25rem 0 0.75rem; font-size: 1.375rem; font-weight: 650; }
p, ul { margin: 0 0 1rem; max-width: 46rem; }
.answer { margin: 0 0 1.5rem; max-width: 52rem; font-size: clamp(1.3rem, 1rem + 1.6vw, 1.9rem); line-height: 1.35; text-wrap: pretty; overflow-wrap: anywhere; }
strong { font-weight: 650; }
small, .scroll, .legend, footer { font-size: 0.875rem; }
td small, th small { font-size: 0.8125rem; line-height: 1.4; color: var(--muted); font-weight: 400; }
code { font: 0.875em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
data, .number { font-variant-numeric: tabular-nums lining-nums; }
data { white-space: nowrap; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); gap: 0 2rem; margin: 0 0 1rem; padding: 0; font-size: 0.9375rem; }
.facts div { display: grid; grid-template-columns: 7.5rem 1fr; gap: 0.75rem; padding: 0.45rem 0; border-top: 1px solid var(--rule); }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
.grade, .verdict { display: inline-block; padding: 0 0.5em; border-radius: 0.25rem; font-weight: 650; text-decoration: none; white-space: nowrap; }
.grade { min-width: 1.7em; text-align: center; }
.grade-A, .verdict-holds { background: var(--good-ground); color: var(--good-text); }
.grade-B { background: var(--good-ground); color: var(--good-text); }
.grade-C { background: var(--fair-ground); color: var(--fair-text); }
.grade-D, .verdict-conditional { background: var(--weak-ground); color: var(--weak-text); }
.grade-E, .verdict-fails { background: var(--bad-ground); color: var(--bad-text); }
.verdict-unverified { background: var(--unknown-ground); color: var(--unknown-text); }
.verdict-holds::before { content: "✓ " / ""; }
.verdict-conditional::before { content: "~ " / ""; }
.verdict-fails::before { content: "✗ " / ""; }
.verdict-unverified::before { content: "? " / ""; }
.line { display: block; }
td .line + .line { margin-top: 0.15rem; }
td code, li code { display: inline-block; max-width: 100%; }
.code { min-width: 9rem; }
.answer .grade { font-size: 0.6em; vertical-align: 0.15em; }
.scroll { position: relative; overflow-x: auto; margin: 0 0 1.25rem; max-width: 100%; }
.scroll:focus-visible, summary:focus-visible { outline: 2px solid var(--total); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; }
caption { padding: 0 0 0.5rem; text-align: left; color: var(--muted); }
caption span { position: sticky; left: 0; display: inline-block; max-width: min(100%, 100vw - 2rem); }
th, td { padding: 0.45rem 0.9rem 0.45rem 0; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
th:last-child, td:last-child { padding-right: 0; }
thead th { vertical-align: bottom; font-weight: 600; color: var(--muted); border-bottom-color: var(--muted); }
tbody th { font-weight: 400; }
.number { text-align: right; }
td.number, th[scope="row"].number { white-space: nowrap; }
.wide { min-width: 11rem; overflow-wrap: anywhere; }
.short { white-space: nowrap; }
.apart > * { border-top: 3px double var(--muted); }
figure { margin: 0 0 1.5rem; }
figcaption { margin: 0 0 0.75rem; max-width: 46rem; font-weight: 600; }
.chart { margin: 0 0 0.5rem; }
.chart svg { display: block; width: 100%; height: auto; overflow: visible; font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; color: var(--muted); }
.chart svg text { white-space: pre; }
.narrow-chart { display: none; }
.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 0 0 0.75rem; padding: 0; max-width: none; list-style: none; }
.legend li { margin: 0; display: flex; gap: 0.5rem; min-width: 0; overflow-wrap: anywhere; }
.legend li > span:last-child { min-width: 0; }
.swatch { flex: none; padding-top: 0.25rem; }
.swatch svg { display: block; }
details { margin: 0 0 1.25rem; }
summary { width: fit-content; cursor: pointer; color: var(--total); font-size: 0.875rem; }
details[open] summary { margin-bottom: 0.5rem; }
ul { padding-left: 1.2rem; }
li + li { margin-top: 0.3rem; }
footer { margin-top: 3rem; padding-top: 0.75rem; border-top: 1px solid var(--rule); color: var(--muted); }
.printed { display: none; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 1fr)); gap: 0.75rem; margin: 0 0 1.5rem; }
.cards > div { padding: 0.75rem 0.9rem; border: 1px solid var(--rule); border-radius: 0.4rem; }
.cards dt { color: var(--muted); font-size: 0.875rem; }
.cards dd { margin: 0; font-size: 1.5rem; font-weight: 650; }
.cards dd.range { font-size: 0.8125rem; font-weight: 400; color: var(--muted); }
.cards sup { font-weight: 400; font-size: 0.55em; }
sup { line-height: 0; }
.note { color: var(--muted); text-decoration: none; }
.notes li { font-size: 0.875rem; overflow-wrap: anywhere; }
.notes li:target { background: var(--fair-ground); color: var(--fair-text); }
.formula { margin: 0 0 1.75rem; padding: 0 0 0.5rem; }
.formula h3 { margin: 0 0 0.25rem; font-size: 1rem; }
.formula math { font-size: 1.05rem; }
.formula .math { overflow-x: auto; padding: 0.35rem 0; }
@media (max-width: 40rem) {
	body { padding: 1.25rem 1rem 3rem; }
	h2 { margin-top: 2.5rem; }
	.facts div { grid-template-columns: 6rem 1fr; }
}
@media screen and (max-width: 40rem) {
	.stacks, .stacks caption, .stacks tbody, .stacks tr, .stacks th, .stacks td { display: block; }
	.stacks thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
	.stacks tr { padding: 0.7rem 0; border-top: 1px solid var(--rule); }
	.stacks th, .stacks td { padding: 0.15rem 0; border: 0; }
	.wide-chart { display: none; }
	.narrow-chart { display: block; }
}
@page { margin: 15mm 14mm; }
@media print {
	:root { color-scheme: light; }
	body { padding: 0; max-width: none; font-size: 10pt; line-height: 1.4; }
	h1 { font-size: 12pt; }
	h2 { margin-top: 1.6rem; font-size: 13pt; }
	.answer { font-size: 17pt; }
	.facts, .scroll, .legend, small, td small, th small { font-size: 8.5pt; }
	h1, h2, caption, figcaption, .legend { break-after: avoid; }
	figure, tr, .facts div, .chart, li { break-inside: avoid; }
	thead { display: table-header-group; }
	.scroll { overflow: visible; }
	.wide { min-width: 7rem; }
	.code { min-width: 8.5rem; }
	th, td { padding: 0.3rem 0.6rem 0.3rem 0; }
	td, tbody th, td bdi, tbody th bdi, td code { overflow-wrap: anywhere; white-space: normal; }
	td.number, td.short, td.short bdi, .grade, .verdict, td data { overflow-wrap: normal; white-space: nowrap; }
	thead, tbody tr:first-child { break-inside: avoid; }
	tbody tr:first-child { break-before: avoid; }
	p { orphans: 3; widows: 3; }
	details:not([open]) { display: none; }
	summary { display: none; }
	.printed { display: block; }
	.grade, .verdict { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
