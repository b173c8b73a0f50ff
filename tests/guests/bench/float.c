/*
 * Double-precision programs.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bench.h"
#include <math.h>

static uint32_t fold(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, 8);
    return bits ^ bits >> 32;
}

uint32_t bench_matmul(long rounds)
{
    enum { N = 96 };
    static double a[N][N], b[N][N], c[N][N];

    for (int i = 0; i < N; i++) {
        for (int k = 0; k < N; k++) {
            a[i][k] = (i * 3 + k) % 17 / 16.0;
            b[i][k] = (i + k * 5) % 13 / 8.0;
        }
    }
    for (long r = 0; r < rounds; r++) {
        for (int i = 0; i < N; i++) {
            for (int k = 0; k < N; k++) {
                double sum = 0;

                for (int m = 0; m < N; m++) {
                    sum += a[i][m] * b[m][k];
                }
                c[i][k] = sum;
            }
        }
        a[r % N][(r * 7) % N] = c[r % N][r % 11] / 1024;
    }
    return fold(c[3][5]) ^ fold(c[N - 1][7]);
}

uint32_t bench_mandel(long size)
{
    uint32_t sum = 0;

    for (long y = 0; y < size; y++) {
        for (long x = 0; x < size; x += 4) {
            double cr = x * 3.0 / size - 2.2, ci = y * 2.4 / size - 1.2, zr = 0, zi = 0;
            int n = 0;

            while (n < 60 && zr * zr + zi * zi < 4) {
                double t = zr * zr - zi * zi + cr;

                zi = 2 * zr * zi + ci;
                zr = t;
                n++;
            }
            sum = sum * 7 + n;
        }
    }
    return sum;
}

uint32_t bench_bodies(long steps)
{
    struct { double x, y, vx, vy, mass; } body[4] = {
        { 0, 0, 0, 0, 40 }, { 4, 0, 0, 3, 0.1 }, { 0, 7, -2.3, 0, 0.2 }, { -11, 0, 0, -1.9, 0.1 },
    };

    steps /= 8;
    for (long s = 0; s < steps; s++) {
        for (int i = 0; i < 4; i++) {
            for (int k = i + 1; k < 4; k++) {
                double dx = body[k].x - body[i].x, dy = body[k].y - body[i].y;
                double d2 = dx * dx + dy * dy + 1e-3;
                double pull = 1e-3 / (d2 * sqrt(d2));

                body[i].vx += dx * body[k].mass * pull;
                body[i].vy += dy * body[k].mass * pull;
                body[k].vx -= dx * body[i].mass * pull;
                body[k].vy -= dy * body[i].mass * pull;
            }
        }
        for (int i = 0; i < 4; i++) {
            body[i].x += 1e-3 * body[i].vx;
            body[i].y += 1e-3 * body[i].vy;
        }
    }
    return fold(body[1].x) ^ fold(body[2].y) ^ fold(body[3].vx);
}
