/** A formula as MathML, which every current browser draws without a script. */
import type { Formula, FormulaMath } from "../report-model.ts";
import { escapeHtml } from "./escape.ts";
import { tableHtml } from "./table-html.ts";
import { textHtml } from "./text-html.ts";

export function formulaHtml({ id, label, math, value, source, terms }: Formula): string {
	return [
		`<section class="formula">`,
		`<h3 id="${escapeHtml(id)}">${escapeHtml(label)} <code>${escapeHtml(id)}</code></h3>`,
		`<div class="math"><math display="block">${mathMl(math)}</math></div>`,
		`<p>${textHtml(value)}</p>`,
		...(source === undefined ? [] : [`<p><small>${textHtml(source)}</small></p>`]),
		...(terms.rows.length === 0 ? [] : [tableHtml(terms)]),
		`</section>`,
	].join("\n");
}

function mathMl(math: FormulaMath): string {
	switch (math.kind) {
		case "symbol":
			return `<mtext>${escapeHtml(math.text)}</mtext>`;
		case "number":
			return `<mn>${escapeHtml(math.text)}</mn>`;
		case "words":
			return `<mtext>${escapeHtml(math.text)}</mtext>`;
		case "operator":
			return `<mo>${escapeHtml(math.text)}</mo>`;
		case "row":
			return `<mrow>${math.items.map(mathMl).join("")}</mrow>`;
		case "brackets":
			return `<mrow><mo>${escapeHtml(math.open)}</mo>${mathMl(math.of)}<mo>${escapeHtml(math.close)}</mo></mrow>`;
		case "fraction":
			return `<mfrac>${mathMl(math.over)}${mathMl(math.under)}</mfrac>`;
		case "power":
			return `<msup>${mathMl(math.base)}${mathMl(math.exponent)}</msup>`;
		case "indexed":
			return `<msub>${mathMl(math.of)}${mathMl(math.index)}</msub>`;
		case "call":
			return `<mrow><mi>${escapeHtml(math.name)}</mi><mo>(</mo>${math.args.map(mathMl).join("<mo>,</mo>")}<mo>)</mo></mrow>`;
		case "cases":
			return `<mrow><mo>{</mo><mtable columnalign="left left">${math.cases.map(caseMl).join("")}</mtable></mrow>`;
	}
}

function caseMl({ value, when }: { value: FormulaMath; when?: FormulaMath }): string {
	return `<mtr><mtd>${mathMl(value)}</mtd><mtd>${when === undefined ? "<mtext>otherwise</mtext>" : `<mtext>if </mtext>${mathMl(when)}`}</mtd></mtr>`;
}
