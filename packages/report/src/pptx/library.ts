/** The library that writes slides, by the names used here. Its types are those of its CommonJS form, what is loaded is the other. */
import type Module from "pptxgenjs";

export type Presentation = Module.default;
export type Slide = Module.default.Slide;
export type ChartOptions = Module.default.IChartOpts;
export type ChartName = Module.default.CHART_NAME;
export type TableRow = Module.default.TableRow;
export type TableCell = Module.default.TableCell;
export type TextRun = Module.default.TextProps;
export type BorderProps = Module.default.BorderProps;

export async function newPresentation(): Promise<Presentation> {
	const { default: loaded } = await import("pptxgenjs");
	const Library = loaded as unknown as new () => Presentation;
	return new Library();
}
