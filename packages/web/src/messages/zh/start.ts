/** 首页的文字。 */
export const start = {
	title: "百万 token 的真实成本是多少？",
	lead: "基准测试说的是一个数，账单说的是另一个数。farthing 用实测数据和带日期的价格算出两者，以及两者之间的每一步。",
	example: "{model}，{volume}：当前打开的示例",
	"example.sentence": "宣传口径：{headline}。交付口径：{delivered}。",
	"example.open": "查看完整答案",
	"door.traffic": "我有流量",
	"door.traffic.text": "说明每天有多少 token，即可看到能保持所需速度的最便宜的集群，以及其上每百万 token 的成本。",
	"door.traffic.demand": "每天的 token 数",
	"door.traffic.open": "计算成本",
	"door.bill": "我有账单或监控指标",
	"door.bill.text": "把付出的与用掉的对照：按模型和团队，精确到账单的分，空闲单独列出。",
	"door.bill.open": "打开实际成本",
	"door.claim": "我有报价或宣传数字",
	"door.claim.text": "拆解一个宣传数字：它意味着什么，什么能重现它，什么会推翻它，以及结论。",
	"door.claim.open": "核验一个宣称",
};
