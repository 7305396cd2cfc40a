/** One store: the state in the URL. Steps that one wants to come back to are entries of the history, drags are not. */
import { useSyncExternalStore } from "react";
import type { AppState, Change, Display, WhyPlace } from "./app-state.ts";
import { fromHash, toHash } from "./url.ts";

let faults: readonly string[] = [];
let isDragging = false;
let pending: string | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let state = readLocation();
const listeners = new Set<() => void>();

export interface UpdateOptions {
	/** The step is not one to come back to: a slider on its way. */
	readonly isPassing?: boolean;
}

export function getState(): AppState {
	return state;
}

/** Names in the URL that could not be read. */
export function urlFaults(): readonly string[] {
	return faults;
}

export function useAppState(): AppState {
	return useSyncExternalStore(subscribe, getState);
}

/** Members that are undefined are taken away. */
export type Update<T> = { readonly [K in keyof T]?: T[K] | undefined };

export function update(change: Update<AppState>, { isPassing = false }: UpdateOptions = {}): void {
	const next = withoutUndefined({ ...state, ...change });
	const hash = `#${toHash(next)}`;
	state = next;
	write(hash, isPassing);
	tell();
}

export function goTo(page: string, view: AppState["view"] = {}): void {
	update({ page, view, why: undefined });
	window.scrollTo(0, 0);
}

export function linkTo(page: string): string {
	const { why: _, ...rest } = state;
	return `#${toHash({ ...rest, page, view: {} })}`;
}

/** Sets a member of the scenario; undefined takes the change back. */
export function setChange(path: string, value: Change | undefined, options?: UpdateOptions): void {
	const { [path]: _, ...others } = state.changes;
	update({ changes: value === undefined ? others : { ...others, [path]: value } }, options);
}

export function setView(name: string, value: string | undefined, options?: UpdateOptions): void {
	const { [name]: _, ...others } = state.view;
	update({ view: value === undefined ? others : { ...others, [name]: value } }, options);
}

export function setDisplay(display: Update<Display>): void {
	update({ display: withoutUndefined({ ...state.display, ...display }) });
}

export function openWhy(why: WhyPlace): void {
	update({ why });
}

export function closeWhy(): void {
	update({ why: undefined });
}

/** Reads the URL again: back, forward, or a link to another state. */
export function followLocation(): void {
	const hash = location.hash.replace(/^#/, "");
	if (hash === toHash(state)) return;
	state = readLocation();
	isDragging = false;
	tell();
}

/** One entry of the history for a whole drag; while it lasts the URL follows now and then, as browsers count changes of it. */
function write(hash: string, isPassing: boolean): void {
	if (isPassing && isDragging) {
		pending = hash;
		timer ??= setTimeout(writePending, FOLLOW_MS);
		return;
	}
	clearTimeout(timer);
	timer = undefined;
	pending = undefined;
	if (hash !== location.hash) {
		if (isDragging) history.replaceState(null, "", hash);
		else history.pushState(null, "", hash);
	}
	isDragging = isPassing;
}

const FOLLOW_MS = 250;

function writePending(): void {
	timer = undefined;
	if (pending !== undefined) history.replaceState(null, "", pending);
	pending = undefined;
}

function readLocation(): AppState {
	const read = fromHash(typeof location === "undefined" ? "" : location.hash);
	faults = read.faults;
	return read.state;
}

function subscribe(listener: () => void): () => void {
	listeners.add(listener);
	return () => listeners.delete(listener);
}

function tell(): void {
	for (const listener of listeners) listener();
}

function withoutUndefined<T extends object>(of: Update<T>): T {
	return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as T;
}
