//! The numbers that matrices are multiplied of: real ones, and complex ones as pairs of real ones.

use std::fmt::Debug;
use std::ops::{Add, Mul};

#[cfg(feature = "complex")]
use num_complex::Complex;
use num_traits::{Float, One, Zero};

use super::deviations::DeviationProducts;
use super::tile::{Registers, SquaredDifference, Tile, Times};
use super::{Blocks, Product, ProductBy, Space};
use crate::kernel::engine::cpu::dispatch::{Version, Widest};
use crate::kernel::linalg::contraction::Contraction;
use crate::kernel::linalg::contraction::labelled::Target;

/// The elements of matrices that the crate multiplies: `f32`, `f64`, and with the feature `complex` the complex numbers
/// of both.
///
/// The trait is sealed.
pub trait MatrixElement:
    Copy
    + Debug
    + PartialEq
    + Zero
    + One
    + Add<Output = Self>
    + Mul<Output = Self>
    + Parts
    + Send
    + Sync
    + 'static
{
}

/// How elements are packed as real numbers, and multiplied. The module is private, which seals [`MatrixElement`].
pub trait Parts: Copy + 'static {
    /// The real numbers that an element consists of.
    type Real: RealElement;

    /// How many they are.
    const PARTS: usize;

    /// Writes one element of the left factor into the rows of a panel that belong to one term: number `lane` of each.
    fn put_left<const W: usize>(self, group: &mut [[Self::Real; W]], lane: usize);

    /// Writes one element of the right factor likewise.
    fn put_right<const W: usize>(self, group: &mut [[Self::Real; W]], lane: usize);

    /// A row as real numbers.
    fn reals_mut(row: &mut [Self]) -> &mut [Self::Real];

    /// Real numbers as a row.
    fn elements_mut(reals: &mut [Self::Real]) -> &mut [Self];

    /// Computes a product. (As a function of no parameter it is compiled with this crate, and programs link it.)
    fn multiply(product: Product<'_, Self>, space: Space<'_, Self::Real>);

    /// Computes a contraction, likewise.
    fn contract(
        contraction: Contraction<'_, Self>,
        out: Target<'_, Self>,
        memory: &mut [Self::Real],
    );
}

/// A [`MatrixElement`] that is real: `f32` or `f64`.
pub trait RealElement: MatrixElement<Real = Self> + bytemuck::Pod + Default + Float {
    /// *self · factor + addend*, rounded once.
    fn fused(self, factor: Self, addend: Self) -> Self;

    /// Computes sums of squared differences in place of products.
    fn square_distances(product: Product<'_, Self>, space: Space<'_, Self>);

    /// Computes sums of deviations and of their products.
    fn deviation_products(products: DeviationProducts<'_, Self>, space: Space<'_, Self>);
}

/// Does some work with the largest tiles that the registers of this processor hold.
fn run_widest<
    R,
    B: Blocks<R>,
    const NR: usize,
    const HALF: usize,
    const NARROW: usize,
    const NARROW_HALF: usize,
>(
    work: B,
    space: Space<'_, R>,
) where
    Registers: Tile<R, 12, NR> + Tile<R, 12, HALF> + Tile<R, 6, NARROW> + Tile<R, 6, NARROW_HALF>,
{
    match Widest::of_processor() {
        #[cfg(target_arch = "x86_64")]
        Widest::Avx512(simd) => work.run::<_, 12, NR, HALF>(simd, space),
        #[cfg(target_arch = "x86_64")]
        Widest::Narrower(Version::Avx2(simd)) => {
            work.run::<_, 6, NARROW, NARROW_HALF>(simd, space);
        }
        Widest::Narrower(Version::Baseline(simd)) => {
            work.run::<_, 6, NARROW, NARROW_HALF>(simd, space);
        }
    }
}

/// Implements both traits for a float. A tile of `MR` rows has two vectors each, or one where few columns are left.
/// Processors without AVX-512 have half as many registers, and half as large ones.
macro_rules! real {
    ($Real:ident, one vector of AVX-512: $lanes:literal, of AVX2: $half:literal) => {
        impl MatrixElement for $Real {}

        #[cfg(feature = "complex")]
        impl MatrixElement for Complex<$Real> {}

        impl Parts for $Real {
            type Real = $Real;
            const PARTS: usize = 1;

            #[inline(always)]
            fn put_left<const W: usize>(self, group: &mut [[$Real; W]], lane: usize) {
                group[0][lane] = self;
            }

            #[inline(always)]
            fn put_right<const W: usize>(self, group: &mut [[$Real; W]], lane: usize) {
                group[0][lane] = self;
            }

            #[inline(always)]
            fn reals_mut(row: &mut [$Real]) -> &mut [$Real] {
                row
            }

            #[inline(always)]
            fn elements_mut(reals: &mut [$Real]) -> &mut [$Real] {
                reals
            }

            fn multiply(product: Product<'_, Self>, space: Space<'_, $Real>) {
                run_widest::<_, _, { 2 * $lanes }, $lanes, { 2 * $half }, $half>(
                    ProductBy(product, Times),
                    space,
                );
            }

            fn contract(
                contraction: Contraction<'_, Self>,
                out: Target<'_, Self>,
                memory: &mut [$Real],
            ) {
                contraction.compute(out, memory);
            }
        }

        impl RealElement for $Real {
            #[inline(always)]
            fn fused(self, factor: $Real, addend: $Real) -> $Real {
                self.mul_add(factor, addend)
            }

            fn square_distances(product: Product<'_, $Real>, space: Space<'_, $Real>) {
                run_widest::<_, _, { 2 * $lanes }, $lanes, { 2 * $half }, $half>(
                    ProductBy(product, SquaredDifference),
                    space,
                );
            }

            fn deviation_products(products: DeviationProducts<'_, $Real>, space: Space<'_, $Real>) {
                run_widest::<_, _, { 2 * $lanes }, $lanes, { 2 * $half }, $half>(products, space);
            }
        }

        #[cfg(feature = "complex")]
        impl Parts for Complex<$Real> {
            type Real = $Real;
            const PARTS: usize = 2;

            #[inline(always)]
            fn put_left<const W: usize>(self, group: &mut [[$Real; W]], lane: usize) {
                group[0][lane] = self.re;
                group[1][lane] = self.im;
            }

            #[inline(always)]
            fn put_right<const W: usize>(self, group: &mut [[$Real; W]], lane: usize) {
                group[0][2 * lane] = self.re;
                group[0][2 * lane + 1] = self.im;
                group[1][2 * lane] = -self.im;
                group[1][2 * lane + 1] = self.re;
            }

            #[inline(always)]
            fn reals_mut(row: &mut [Complex<$Real>]) -> &mut [$Real] {
                bytemuck::cast_slice_mut(row)
            }

            #[inline(always)]
            fn elements_mut(reals: &mut [$Real]) -> &mut [Complex<$Real>] {
                bytemuck::cast_slice_mut(reals)
            }

            fn multiply(product: Product<'_, Self>, space: Space<'_, $Real>) {
                run_widest::<_, _, { 2 * $lanes }, $lanes, { 2 * $half }, $half>(
                    ProductBy(product, Times),
                    space,
                );
            }

            fn contract(
                contraction: Contraction<'_, Self>,
                out: Target<'_, Self>,
                memory: &mut [$Real],
            ) {
                contraction.compute(out, memory);
            }
        }
    };
}

real!(f64, one vector of AVX-512: 8, of AVX2: 4);
real!(f32, one vector of AVX-512: 16, of AVX2: 8);
