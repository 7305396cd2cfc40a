/**
 * Blanks what is not code, keeping every offset and line. `withStrings` has its comments blanked; `code` has the text
 * inside strings, templates and regular expressions blanked as well (the quotes stay).
 */
export function blank(text) {
	const comments = [];
	const literals = [];
	let last = "";
	const templates = [];
	for (let at = 0; at < text.length; ) {
		const end = scan(at);
		at = end;
	}
	return { withStrings: cut(text, comments), code: cut(text, [...comments, ...literals]) };

	function scan(at) {
		const char = text[at];
		const two = text.slice(at, at + 2);
		if (two === "//") return skip(comments, at, endOf("\n", at + 2));
		if (two === "/*") return skip(comments, at, endOf("*/", at + 2) + 2);
		if (char === '"' || char === "'") return literal(at, endOfString(at + 1, char));
		if (char === "`") return template(at + 1);
		if (char === "}" && templates.at(-1) === 0) {
			templates.pop();
			return template(at + 1);
		}
		if (char === "/" && isRegexPlace(last)) return literal(at, endOfRegex(at + 1));
		if (templates.length > 0 && (char === "{" || char === "}"))
			templates.push(templates.pop() + (char === "{" ? 1 : -1));
		const word = /^[\w$]+/.exec(text.slice(at, at + 64))?.[0];
		if (word !== undefined) last = word;
		else if (!/\s/.test(char)) last = char;
		return at + (word?.length ?? 1);
	}

	function literal(start, end) {
		last = '"';
		return skip(literals, start + 1, end - 1) + 1;
	}

	function template(start) {
		for (let at = start; at < text.length; at++) {
			if (text[at] === "\\") at++;
			else if (text[at] === "`") {
				last = '"';
				return skip(literals, start, at) + 1;
			} else if (text.startsWith("${", at)) {
				templates.push(0);
				last = "{";
				return skip(literals, start, at) + 2;
			}
		}
		return skip(literals, start, text.length);
	}

	function skip(list, start, end) {
		list.push([start, Math.max(start, Math.min(end, text.length))]);
		return Math.max(start, Math.min(end, text.length));
	}

	function endOf(mark, from) {
		const found = text.indexOf(mark, from);
		return found === -1 ? text.length : found;
	}

	function endOfString(from, quote) {
		for (let at = from; at < text.length; at++) {
			if (text[at] === "\\") at++;
			else if (text[at] === quote || text[at] === "\n") return at + 1;
		}
		return text.length + 1;
	}

	function endOfRegex(from) {
		let isInClass = false;
		for (let at = from; at < text.length; at++) {
			if (text[at] === "\\") at++;
			else if (text[at] === "\n") return at + 1;
			else if (text[at] === "[") isInClass = true;
			else if (text[at] === "]") isInClass = false;
			else if (text[at] === "/" && !isInClass) return at + 1;
		}
		return text.length + 1;
	}
}

function isRegexPlace(last) {
	return (
		last === "" ||
		/^(return|typeof|case|in|of|void|delete|throw|await|yield)$/.test(last) ||
		/^[([{,;:=!&|?+*%<>~^-]$/.test(last)
	);
}

function cut(text, ranges) {
	let result = "";
	let from = 0;
	for (const [start, end] of ranges.sort((a, b) => a[0] - b[0])) {
		result += text.slice(from, start) + text.slice(start, end).replace(/[^\n]/g, " ");
		from = end;
	}
	return result + text.slice(from);
}
