import { useEffect, useState } from "react";
import { flushSync } from "react-dom";

/** Whether the page is being printed: drawn anew before the browser takes its picture. */
export function usePrinting(): boolean {
	const [isPrinting, setPrinting] = useState(false);
	useEffect(() => {
		const begin = (): void => flushSync(() => setPrinting(true));
		const end = (): void => setPrinting(false);
		addEventListener("beforeprint", begin);
		addEventListener("afterprint", end);
		return () => {
			removeEventListener("beforeprint", begin);
			removeEventListener("afterprint", end);
		};
	}, []);
	return isPrinting;
}
