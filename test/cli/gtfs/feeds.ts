/** Small feeds, made as a test wants them. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** Tables by name; a text, or rows of text with the header first. */
export type Tables = Readonly<Record<string, string | readonly string[]>>;

export function zipOf(tables: Tables): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, table] of Object.entries(tables)) {
    zip.addBuffer(Buffer.from(typeof table === 'string' ? table : `${table.join('\r\n')}\r\n`), name);
  }
  zip.end();
  return buffer(zip.outputStream);
}

export async function withFile(bytes: Uint8Array, use: (file: string) => Promise<void>): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-feed-'));
  try {
    const file = path.join(folder, 'feed.zip');
    fs.writeFileSync(file, bytes);
    await use(file);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

export async function withFeed(tables: Tables, use: (file: string) => Promise<void>): Promise<void> {
  await withFile(await zipOf(tables), use);
}

const places: Tables = {
  'agency.txt': ['agency_id,agency_name,agency_timezone', 'a,Agency,Europe/Vienna'],
  // West has two platforms and an entrance; the hall lies in no zone.
  'stops.txt': [
    'stop_id,stop_name,zone_id,location_type,parent_station',
    'west,West,,1,',
    'west1,West 1,10,0,west',
    'west2,West 2,10,,west',
    'westdoor,A door,2,2,west',
    'mid,"Middle, upper",2,,',
    'east,East,2,0,',
    'hall,Hall,,,',
  ],
};

/** By zones, as GTFS has had fares first. */
export const olderFeed: Tables = {
  ...places,
  'fare_attributes.txt': [
    'fare_id,price,currency_type,payment_method,transfers,transfer_duration',
    'short,2.0000,EUR,1,,5400',
    'long,3.5,EUR,1,0,',
    'rush,9.90,EUR,1,0,',
  ],
  'fare_rules.txt': [
    'fare_id,route_id,origin_id,destination_id,contains_id',
    'short,,10,10,',
    'short,,2,2,',
    'long,,2,10,',
    'long,,10,2,',
    'rush,express,10,2,',
  ],
  'transfers.txt': [
    'from_stop_id,to_stop_id,transfer_type,min_transfer_time',
    'west2,mid,2,240',
    'mid,east,3,',
    'hall,mid,0,',
  ],
};

/** By areas, times and riders, as it has them now. */
export const newerFeed: Tables = {
  ...places,
  'calendar.txt': [
    'service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date',
    'work,1,1,1,1,1,0,0,20260101,20261231',
  ],
  'areas.txt': ['area_id,area_name', 'core,Core', 'ring,Ring', 'all,All'],
  'stop_areas.txt': ['area_id,stop_id', 'core,west', 'ring,mid', 'ring,east', 'all,west', 'all,mid', 'all,east'],
  'timeframes.txt': [
    'timeframe_group_id,start_time,end_time,service_id',
    'rush,07:00:00,09:30:00,work',
    'rush,16:00:00,18:59:30,work',
    'fair,10:00:00,12:00:00,once',
  ],
  'rider_categories.txt': [
    'rider_category_id,rider_category_name,is_default_fare_category',
    'grown,Grown-ups,1',
    'child,Children,0',
    'senior,Seniors,0',
  ],
  'fare_media.txt': ['fare_media_id,fare_media_name,fare_media_type', 'cash,Cash,0', 'card,Card,2'],
  'fare_products.txt': [
    'fare_product_id,rider_category_id,fare_media_id,amount,currency',
    'one,grown,cash,2.50,EUR',
    'one,grown,card,2.05,EUR',
    'one,child,card,1.03,EUR',
    'one,senior,card,1.90,EUR',
    'two,grown,card,3.10,EUR',
    'two,child,card,1.55,EUR',
    'two,senior,card,2.00,EUR',
    'rushed,grown,card,4.00,EUR',
    'rushed,child,card,2.00,EUR',
    'day,,,9.00,EUR',
    'free,,,0.00,EUR',
  ],
  'fare_leg_rules.txt': [
    'leg_group_id,from_area_id,to_area_id,from_timeframe_group_id,fare_product_id',
    'in,core,core,,one',
    'in,ring,ring,,one',
    'in,core,ring,,two',
    'in,ring,core,,two',
    'in,core,ring,rush,rushed',
    'in,core,ring,fair,free',
    'in,all,all,,day',
  ],
  'fare_transfer_rules.txt': [
    'from_leg_group_id,to_leg_group_id,transfer_count,duration_limit,duration_limit_type,fare_transfer_type,fare_product_id',
    'in,in,1,1200,2,0,',
    'in,in,2,600,2,1,one',
  ],
  'transfers.txt': ['from_stop_id,to_stop_id,transfer_type,min_transfer_time', 'west1,east,2,240', 'east,west2,,'],
};
