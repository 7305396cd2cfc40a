/** 从宣传数字到账单的逐项分解，多个页面共用。 */
export const bridge = {
	title: "从宣传数字到账单",
	finding: "从宣传口径的 {headline} 到交付口径的 {delivered}：{largest} 增加最多，占差额的 {share}。",
	findingNone: "宣传口径与交付口径的成本相同：{delivered}。",
	headline: "宣传口径",
	delivered: "交付口径",
	step: "步骤",
	adds: "增加",
	total: "累计",
};
