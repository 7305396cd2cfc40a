export {
	BudgetError,
	budgetFileOf,
	budgetJson,
	changeBudgets,
	isSame,
	readBudget,
	readBudgetFile,
} from "./budget-file.ts";
