-- Idempotent: runs at every boot of db1.
select 'create role shop login password ''shop-lab''' where not exists (select from pg_roles where rolname = 'shop') \gexec
select 'create database shop owner shop' where not exists (select from pg_database where datname = 'shop') \gexec
\connect shop
set role shop;
create table if not exists orders (id serial primary key, item text not null, cents int not null);
create table if not exists visits (id bigserial primary key, web text not null, at timestamptz not null default now());
insert into orders (item, cents) select 'item ' || n, n * 100 from generate_series(1, 42) n where not exists (select from orders);
