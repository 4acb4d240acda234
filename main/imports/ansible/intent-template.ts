const each = (variable: string, rule: string) => `{% if ${variable} is defined %}\n{% for item in ${variable} %}\n${rule}\n{% endfor %}\n{% endif %}\n`;

/** What the variables of an inventory say by themselves, as rules: who is named is let in, everything else is refused. */
export const intentTemplate = `add table ip filter
add chain ip filter INPUT { type filter hook input priority 0; policy drop; }
add chain ip filter FORWARD { type filter hook forward priority 0; policy accept; }
${each('nft_block_rules', '{{ item }}')}${each('tcp_ports', 'add rule ip filter INPUT tcp dport {{ item }} accept')}${each('udp_ports', 'add rule ip filter INPUT udp dport {{ item }} accept')}${each('nft_custom_rules', '{{ item }}')}`;
