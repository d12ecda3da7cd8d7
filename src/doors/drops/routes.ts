/** The rows of the dialect: paths, who may call them, what they answer. */
import type { Route } from '../../http/door.ts';
import type { Operations } from '../kit/operations.ts';
import type { Owners } from '../kit/owners.ts';
import type { Shares } from '../kit/shares.ts';
import { createDrop, createUser, purchase, reserve } from './operations.ts';
import * as reads from './reads.ts';
import * as schemas from './schemas.ts';
import { Usernames } from './usernames.ts';

interface DropsTerms {
  /** Of the prices that the dialect is sent. */
  readonly currency: string;
  readonly owners: Owners;
  readonly shares: Shares | null;
}

export function dropsRoutes(operations: Operations, { currency, owners, shares }: DropsTerms): Route[] {
  const refusal = { description: 'Not possible, and why', schema: schemas.errorAnswer };
  const errors = {
    400: refusal,
    422: { description: 'The key was used for another request', schema: schemas.errorAnswer },
    503: { description: 'Not known to be taken; with a key, the same key tells', schema: schemas.errorAnswer },
  };
  return [
    operations.read(
      {
        method: 'GET',
        path: '/api/health',
        needs: 'buy',
        anyHost: true,
        summary: 'Whether the inventory system runs',
        answers: { 200: { description: 'It does', schema: schemas.healthAnswer } },
      },
      reads.health,
    ),
    operations.read(
      {
        method: 'GET',
        path: '/api/users',
        needs: 'see',
        summary: 'All users',
        answers: { 200: { description: 'Users, oldest first', schema: schemas.usersAnswer } },
      },
      reads.listUsers,
    ),
    operations.operation(
      {
        method: 'POST',
        path: '/api/users',
        needs: 'buy',
        free: true,
        summary: 'Create a user; the name must be new',
        body: schemas.userRequest,
        key: 'optional',
        answers: { 201: { description: 'Created', schema: schemas.userAnswer }, ...errors },
      },
      createUser(owners, new Usernames()),
    ),
    operations.read(
      {
        method: 'GET',
        path: '/api/drops',
        needs: 'buy',
        shared: true,
        summary: 'Drops that have started, newest start first',
        answers: { 200: { description: 'Drops', schema: schemas.dropsAnswer } },
      },
      reads.listDrops(operations.node),
    ),
    operations.read(
      {
        method: 'GET',
        path: '/api/drops/:id',
        needs: 'buy',
        shared: true,
        summary: 'One drop',
        answers: { 200: { description: 'The drop', schema: schemas.dropAnswer }, 404: refusal },
      },
      reads.oneDrop,
    ),
    operations.operation(
      {
        method: 'POST',
        path: '/api/drops',
        needs: 'run',
        summary: 'Create a drop',
        body: schemas.dropRequestIn(currency),
        key: 'optional',
        answers: { 201: { description: 'Created', schema: schemas.dropMadeAnswer }, ...errors },
      },
      createDrop(currency),
    ),
    operations.operation(
      {
        method: 'POST',
        path: '/api/reserve/:dropId',
        needs: 'buy',
        summary: 'Reserve one unit for a minute',
        body: schemas.byUserRequest,
        key: 'optional',
        answers: { 201: { description: 'Reserved', schema: schemas.reservationAnswer }, ...errors },
      },
      reserve(shares),
    ),
    operations.operation(
      {
        method: 'POST',
        path: '/api/purchase/:reservationId',
        needs: 'buy',
        summary: 'Buy what one has reserved',
        body: schemas.byUserRequest,
        key: 'optional',
        answers: { 201: { description: 'Bought', schema: schemas.purchaseAnswer }, ...errors },
      },
      purchase,
    ),
  ];
}
