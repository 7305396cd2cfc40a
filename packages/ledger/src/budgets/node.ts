export {
	BudgetError,
	budgetFileOf,
	budgetJson,
	changeBudgets,
	copyBudgets,
	isSame,
	readBudget,
	readBudgetFile,
} from "./budget-file.ts";
