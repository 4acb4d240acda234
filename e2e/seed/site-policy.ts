/** The policy of the seeded site, in the forms that people type. */
export type SiteZone = { name: string; select: string; outbound: 'open' | 'restricted'; note: string };
export type SiteRule = {
  action: 'allow' | 'deny';
  from: string;
  to: string;
  services: string;
  owner: string;
  reason: string;
  ticket: string;
  expiresInDays?: number;
};

export const SITE_ZONES: readonly SiteZone[] = [
  { name: 'shop-data', select: 'app=shop,role=db|cache,env=prod', outbound: 'open', note: 'card data: PCI scope' },
  { name: 'shop-front', select: 'app=shop,role=lb|web|app|queue,env=prod', outbound: 'restricted', note: '' },
  { name: 'crm', select: 'app=crm', outbound: 'open', note: '' },
  { name: 'ops', select: 'app=ops', outbound: 'open', note: 'monitoring, backup, CI, bastion' },
];

export const SITE_SERVICES = [
  { name: 'postgres', entries: 'tcp/5432', note: '' },
  { name: 'web', entries: 'tcp/80,tcp/443', note: '' },
  { name: 'syslog', entries: 'udp/514,tcp/6514', note: '' },
] as const;

export const SITE_IP_LISTS = [
  { name: 'office', cidrs: ['10.30.0.0/16', 'fd00:30::/32'], except: ['10.30.99.0/24'], note: 'guest WLAN is left out' },
  { name: 'resolvers', cidrs: ['192.0.2.53', '192.0.2.54'], except: [], note: '' },
  { name: 'package-mirrors', cidrs: ['198.51.100.240/28'], except: [], note: '' },
] as const;

const r = (action: SiteRule['action'], from: string, to: string, services: string, owner: string, reason: string, ticket = ''): SiteRule => ({
  action,
  from,
  to,
  services,
  owner,
  reason,
  ticket,
});

/** In force from the first push on. */
export const SITE_RULES: readonly SiteRule[] = [
  r('allow', 'any', 'app=shop,role=lb', 'web', 'shop team', 'customers', 'SEC-101'),
  r('allow', 'app=shop,role=lb,env=prod', 'app=shop,role=web,env=prod', 'tcp/8080', 'shop team', ''),
  r('allow', 'app=shop,role=web,env=prod', 'app=shop,role=app,env=prod', 'tcp/9000', 'shop team', ''),
  r('allow', 'app=shop,role=app,env=prod', 'app=shop,role=db,env=prod', 'postgres', 'shop team', ''),
  r('allow', 'app=shop,role=app,env=prod', 'app=shop,role=cache,env=prod', 'tcp/6379', 'shop team', ''),
  r('allow', 'app=shop,role=db,env=prod', 'app=shop,role=db,env=prod', 'postgres', 'dba', 'replication', 'DBA-7'),
  r('allow', 'app=shop,role=app,env=prod', 'host:erp-legacy', 'tcp/1521', 'shop team', 'order export', 'SHOP-212'),
  r('allow', 'role=monitoring', 'env=prod', 'tcp/9100', 'ops', 'node exporter'),
  r('allow', 'env=prod', 'role=monitoring', 'syslog', 'ops', ''),
  r('allow', 'role=backup', 'role=db|app', 'tcp/22', 'ops', 'borg over SSH', 'OPS-31'),
  r('allow', 'role=backup', 'host:nas-1', 'tcp/2049', 'ops', ''),
  r('allow', 'role=ci', 'role=web|app,env=prod', 'tcp/22', 'ops', 'deployments', 'OPS-40'),
  r('allow', 'role=bastion', 'env=prod', 'tcp/22', 'ops', 'administration'),
  r('allow', 'zone:shop-front', 'iplist:resolvers', 'udp/53,tcp/53', 'ops', ''),
  r('allow', 'zone:shop-front', 'iplist:package-mirrors', 'web', 'ops', 'security updates'),
  r('allow', 'iplist:office', 'app=crm,role=web', 'web', 'crm team', ''),
  r('allow', 'app=crm,role=web', 'app=crm,role=app', 'tcp/8000', 'crm team', ''),
  r('allow', 'app=crm,role=app', 'app=crm,role=db', 'postgres', 'crm team', ''),
  r('allow', 'env=prod', 'env=prod', 'icmp/8,icmpv6/128', 'ops', 'ping'),
  r('allow', 'role=monitoring', 'app=ops', 'tcp/9090,tcp/9093-9094', 'ops', ''),
  r('deny', 'env=dev', 'env=prod', 'any', 'security', 'development never reaches production', 'SEC-12'),
  r('deny', 'any', 'role=db', 'tcp/3389,tcp/445', 'security', ''),
  {
    ...r('allow', '10.30.4.15, 10.30.4.16', 'app=crm,role=db', 'postgres', 'crm team', 'migration until the new reports are there', 'CRM-77'),
    expiresInDays: 20,
  },
];

/** Come with the second push. */
export const SITE_LATER_RULES: readonly SiteRule[] = [
  r('allow', 'role=ci', 'app=shop,role=web,env=prod', 'tcp/8080', 'ops', 'smoke test after a deployment', 'OPS-44'),
  r('deny', '10.99.0.0/16', 'env=prod', 'any', 'security', 'building automation'),
];

/** In the draft only. */
export const SITE_DRAFT_RULES: readonly SiteRule[] = [
  r('allow', 'app=shop,role=app,env=prod', 'app=shop,role=queue', 'tcp/5672', 'shop team', 'order queue', 'SHOP-230'),
];

export const SITE_TESTS = [
  { expect: 'allow', from: 'app=shop,role=app,env=prod', to: 'app=shop,role=db,env=prod', service: 'postgres' },
  { expect: 'deny', from: 'env=dev', to: 'app=shop,role=db,env=prod', service: 'postgres' },
] as const;
