/** How numbers are shown: dollars per token or tokens per dollar, another currency, light or dark. */
import type { AriaAttributes, ReactNode } from "react";
import { useContext, useId, useState } from "react";
import { conversionOf, SourcedRates } from "../quantity/conversion.ts";
import type { Currency } from "../state/app-state.ts";
import { type CurrencyFault, currencyFault, dayOfReader } from "../state/currency-fault.ts";
import { setDisplay, useAppState } from "../state/store.ts";
import { chooseLanguage, type LanguageCode, LANGUAGES, useLanguage } from "../words/language.ts";
import { useWords } from "../words/words.ts";
import { setTheme, THEMES, useTheme } from "./theme.ts";

export function DisplayMenu(): ReactNode {
	const say = useWords("shell");
	const { display } = useAppState();
	const theme = useTheme();
	return (
		<>
			<button
				type="button"
				className="button-quiet"
				aria-pressed={display.isPerDollar}
				aria-label={`${say("unit.label")}: ${display.isPerDollar ? say("unit.perDollar") : say("unit.perToken")}`}
				data-unit-switch=""
				onClick={() => setDisplay({ isPerDollar: !display.isPerDollar })}
			>
				{display.isPerDollar ? say("unit.perDollar") : say("unit.perToken")}
			</button>
			<details className="menu menu-right">
				<summary className="button-quiet">{say("display")}</summary>
				<div className="menu-items menu-form">
					<fieldset>
						<legend>{say("theme.label")}</legend>
						{THEMES.map((each) => (
							<label key={each} className="menu-check">
								<input type="radio" name="theme" checked={theme === each} onChange={() => setTheme(each)} />
								{say(`theme.${each}`)}
							</label>
						))}
					</fieldset>
					<LanguageChoice />
					<SourcedCurrencies current={display.currency} />
					<CurrencyForm key={display.currency?.code ?? ""} current={display.currency} />
				</div>
			</details>
		</>
	);
}

/** Each language by its own name, so that who cannot read the one that is shown finds theirs. */
function LanguageChoice(): ReactNode {
	const say = useWords("shell");
	const language = useLanguage();
	const [failure, setFailure] = useState("");
	const choose = (chosen: LanguageCode): void => {
		chooseLanguage(chosen).catch((error: Error) => setFailure(error.message));
	};
	return (
		<fieldset>
			<legend>{say("language.label")}</legend>
			{(Object.keys(LANGUAGES) as LanguageCode[]).map((each) => (
				<label key={each} className="menu-check" lang={each}>
					<input type="radio" name="language" value={each} checked={language === each} onChange={() => choose(each)} />
					{LANGUAGES[each]}
				</label>
			))}
			{failure === "" ? null : <p role="alert">{say("load.failed", { message: failure })}</p>}
		</fieldset>
	);
}

/** Currencies with a rate of the catalogue, each a click away. */
function SourcedCurrencies({ current }: { readonly current: Currency | undefined }): ReactNode {
	const say = useWords("shell");
	const rates = useContext(SourcedRates);
	const [first] = rates;
	if (first === undefined) return null;
	const chosen = conversionOf(current, rates)?.rate;
	const { publisher: source } = first.source;
	return (
		<fieldset>
			<legend>{say("currency.label")}</legend>
			<p className="menu-note">{say("currency.at", { source, date: first.date })}</p>
			<div className="menu-choices">
				{rates.map(({ code, perDollar, date }) => (
					<button
						key={code}
						type="button"
						className="button"
						data-rate={code}
						aria-pressed={code === chosen?.code}
						onClick={({ currentTarget }) => {
							currentTarget.closest("details")?.removeAttribute("open");
							setDisplay({ currency: { code, perDollar, date } });
						}}
					>
						{code}
					</button>
				))}
			</div>
		</fieldset>
	);
}

function CurrencyForm({ current }: { readonly current: Currency | undefined }): ReactNode {
	const say = useWords("shell");
	const [code, setCode] = useState(current?.code ?? "EUR");
	const [rate, setRate] = useState(current === undefined ? "" : String(current.perDollar));
	const [date, setDate] = useState(current?.date ?? "");
	const [fault, setFault] = useState<CurrencyFault | undefined>();
	const id = useId();
	const at = (...faults: readonly CurrencyFault[]): { told: ReactNode; of: AriaAttributes } => {
		if (fault === undefined || !faults.includes(fault)) return { told: null, of: {} };
		const told = (
			<span id={id} role="alert" className="field-fault">
				{say(`currency.fault.${fault}`, { date })}
			</span>
		);
		return { told, of: { "aria-invalid": true, "aria-describedby": id } };
	};
	const [ofCode, ofRate, ofDate] = [at("code", "dollar"), at("rate"), at("date", "future")];
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				const currency = { code, perDollar: Number(rate), date };
				const found = currencyFault(currency, dayOfReader());
				setFault(found);
				if (found !== undefined) return;
				// The choice is made: the panel would hide what it changed.
				event.currentTarget.closest("details")?.removeAttribute("open");
				setDisplay({ currency });
			}}
		>
			<fieldset>
				<legend>{say("currency.own")}</legend>
				<label>
					{say("currency.code")}
					<input
						className="input"
						value={code}
						maxLength={3}
						onChange={({ target }) => setCode(target.value.toUpperCase())}
						{...ofCode.of}
					/>
					{ofCode.told}
				</label>
				<label>
					{say("currency.rate")}
					<input
						className="input"
						value={rate}
						inputMode="decimal"
						onChange={({ target }) => setRate(target.value)}
						{...ofRate.of}
					/>
					{ofRate.told}
				</label>
				<label>
					{say("currency.date")}
					<input
						className="input"
						type="date"
						value={date}
						onChange={({ target }) => setDate(target.value)}
						{...ofDate.of}
					/>
					{ofDate.told}
				</label>
				<button type="submit" className="button">
					{say("currency.apply", { code })}
				</button>
				{current === undefined ? null : (
					<button type="button" className="button-link" onClick={() => setDisplay({ currency: undefined })}>
						{say("currency.dollars")}
					</button>
				)}
			</fieldset>
		</form>
	);
}
