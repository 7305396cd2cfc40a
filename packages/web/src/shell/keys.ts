/** Keys that work anywhere but in a field: `w` why, `t` table, `/` filter, Escape closes. */
import { closeWhy, getState } from "../state/store.ts";
import { openFocusedWhy } from "../why/why-branch.tsx";

export function pressKey(event: KeyboardEvent): void {
	if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
	if (event.key === "Escape") {
		const menu = document.querySelector<HTMLDetailsElement>("details.menu[open]");
		if (menu !== null) {
			menu.open = false;
			menu.querySelector("summary")?.focus();
		} else if (getState().why !== undefined) closeWhy();
		return;
	}
	if (isTyping(event.target)) return;
	const done = KEYS[event.key]?.();
	if (done === true) event.preventDefault();
}

const KEYS: Readonly<Record<string, () => boolean>> = {
	w: openFocusedWhy,
	t: () => click("[data-chart-toggle]"),
	"/": () => {
		const filter = document.querySelector<HTMLInputElement>("main input[type=search]");
		filter?.focus();
		return filter !== null;
	},
};

/** The button of the chart that has the focus, else of the first. */
function click(selector: string): boolean {
	const near = document.activeElement?.closest(".chart")?.querySelector<HTMLElement>(selector);
	const found = near ?? document.querySelector<HTMLElement>(`main ${selector}`);
	found?.click();
	return found !== null;
}

function isTyping(target: EventTarget | null): boolean {
	if (!(target instanceof HTMLElement)) return false;
	if (target instanceof HTMLInputElement) return target.type !== "range" && target.type !== "checkbox";
	return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}
