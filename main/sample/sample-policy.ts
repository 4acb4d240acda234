const DAY_MS = 86_400_000;
const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The policy of the sample as its admins wrote it, as a policy file; dates are told from the end of the story. All zones observe: they are moved on by what was seen. Pure. */
export function writeSamplePolicy(endMs: number): string {
  return `firebreak: 1
zones:
  - {name: shop-data, select: "app=shop,role=db|cache|queue|search,env=prod", mode: observe, outbound: open, note: what the shop stores}
  - {name: shop-front, select: "app=shop,env=prod", mode: observe, outbound: open, note: "load balancers, web and application servers"}
  - {name: crm, select: "app=crm", mode: observe, outbound: open, note: customer data}
  - {name: erp, select: "app=erp", mode: observe, outbound: open, note: ""}
  - {name: warehouse, select: "app=wms", mode: observe, outbound: open, note: scanners and gateways of the warehouse}
  - {name: office-services, select: "app=mail|intranet", mode: observe, outbound: open, note: mail and intranet}
  - {name: delivery, select: "app=ci", mode: observe, outbound: open, note: builds}
  - {name: staging, select: "env=stage", mode: observe, outbound: open, note: the shop as it will be}
  - {name: core, select: "app=core", mode: observe, outbound: open, note: what everybody depends on}
services:
  - {name: web, entries: [tcp/80, tcp/443], note: ""}
  - {name: postgres, entries: [tcp/5432], note: ""}
  - {name: name-and-time, entries: [udp/53, tcp/53, udp/123], note: ""}
ipLists:
  - {name: office, cidrs: [198.51.100.0/25], note: desks of the head office}
  - {name: handhelds, cidrs: [198.51.100.144/28], note: barcode scanners of the warehouse}
  - {name: payment, cidrs: [203.0.113.200], note: the payment provider}
rules:
  - {id: r_sample000001, action: allow, from: any, to: "app=shop,role=lb", services: [web], owner: shop team, reason: customers, ticket: SHOP-1}
  - {id: r_sample000002, action: allow, from: "app=shop,role=lb", to: "app=shop,role=web,env=prod", services: [tcp/8080], owner: shop team, reason: ""}
  - {id: r_sample000003, action: allow, from: "app=shop,role=web,env=prod", to: "app=shop,role=app,env=prod", services: [tcp/9000], owner: shop team, reason: ""}
  - {id: r_sample000004, action: allow, from: "app=shop,role=app,env=prod", to: "app=shop,role=db,env=prod", services: [postgres], owner: shop team, reason: orders}
  - {id: r_sample000005, action: allow, from: "app=shop,role=app,env=prod", to: "app=shop,role=cache,env=prod", services: [tcp/6379], owner: shop team, reason: sessions}
  - {id: r_sample000006, action: allow, from: "app=shop,role=app,env=prod", to: "app=shop,role=search,env=prod", services: [tcp/9200], owner: shop team, reason: product search}
  - {id: r_sample000007, action: allow, from: "app=shop,role=db,env=prod", to: "app=shop,role=db,env=prod", services: [postgres], owner: dba, reason: replication, ticket: DBA-7}
  - {id: r_sample000008, action: allow, from: "app=shop,role=app,env=prod", to: "iplist:payment", services: [tcp/443], owner: shop team, reason: payments}
  - {id: r_sample000009, action: allow, from: "iplist:office", to: "app=crm,role=web", services: [web], owner: crm team, reason: ""}
  - {id: r_sample000010, action: allow, from: "app=crm,role=web", to: "app=crm,role=app", services: [tcp/8000], owner: crm team, reason: ""}
  - {id: r_sample000011, action: allow, from: "app=crm,role=app|db", to: "app=crm,role=db", services: [postgres], owner: crm team, reason: data and replication}
  - {id: r_sample000012, action: allow, from: 198.51.100.200, to: "app=crm,role=db", services: [postgres], owner: R. Lind (left), reason: data migration by a contractor, ticket: CRM-77, reviewOn: ${day(endMs - 210 * DAY_MS)}}
  - {id: r_sample000013, action: allow, from: "role=monitoring", to: any, services: [tcp/9100], owner: ops, reason: node exporter}
  - {id: r_sample000014, action: allow, from: any, to: "role=log", services: [tcp/6514], owner: ops, reason: log shipping}
  - {id: r_sample000015, action: allow, from: any, to: "role=dns", services: [name-and-time], owner: ops, reason: ""}
  - {id: r_sample000016, action: allow, from: "role=bastion", to: "env=prod", services: [tcp/22], owner: ops, reason: administration}
  - {id: r_sample000017, action: allow, from: "role=runner", to: "app=shop,role=web|app", services: [tcp/22], owner: delivery, reason: deployments, ticket: OPS-40}
  - {id: r_sample000018, action: allow, from: "role=app|web", to: "role=ldap", services: [tcp/636], owner: ops, reason: logins}
  - {id: r_sample000019, action: allow, from: "iplist:handhelds", to: "app=wms,role=gateway", services: [tcp/1883], owner: warehouse, reason: barcode scanners}
  - {id: r_sample000020, action: allow, from: "app=wms", to: "app=wms", services: [tcp/3306, tcp/8090], owner: warehouse, reason: ""}
  - {id: r_sample000021, action: allow, from: "app=shop|wms,role=app,env=prod", to: "app=erp,role=app", services: [tcp/8443], owner: erp team, reason: orders and stock, reviewOn: ${day(endMs + 40 * DAY_MS)}}
  - {id: r_sample000025, action: allow, from: "iplist:office", to: "app=erp,role=app", services: [tcp/8443], owner: erp team, reason: desks}
  - {id: r_sample000022, action: allow, from: any, to: "role=mx", services: [tcp/25], owner: ops, reason: mail}
  - {id: r_sample000023, action: deny, from: "env=dev", to: "env=prod,role=db", services: [any], owner: security, reason: developers do not read production data, ticket: SEC-12}
tests:
  - {expect: allow, from: "app=shop,role=app,env=prod", to: "app=shop,role=db,env=prod", service: postgres}
  - {expect: allow, from: "iplist:office", to: "app=crm,role=web", service: tcp/443}
  - {expect: deny, from: "env=dev", to: "app=shop,role=db,env=prod", service: postgres}
`;
}
