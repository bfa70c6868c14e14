use ndarray::{Array1, Array2, array, s};
use ndarray_pool::fused;

#[test]
fn forms() {
    let (a, b) = (array![[1.0, 2.0], [3.0, 4.0]], array![10.0, 20.0]);
    let mut out = Array2::zeros((2, 2));
    let dt = 0.5;
    fused!(out = |a, b| a + dt * b);
    assert_eq!(out, array![[6.0, 12.0], [8.0, 14.0]]);
    fused!(out += |b| b * 2.0);
    assert_eq!(out, array![[26.0, 52.0], [28.0, 54.0]]);
    fused!(out = |out, a, c = a.slice(s![.., ..;-1])| out * a + c);
    let (mut m, mut v, mut w) = (Array1::<f64>::zeros(5), Array1::<f32>::ones(5), Array1::<i32>::ones(5));
    let g = Array1::range(0.0, 5.0, 1.0);
    fused!((m, v, w) = |m, v, w, g| {
        let m = 0.9 * m + 0.1 * g;
        (m, v + 1.0, w + 1)
    });
    assert_eq!(v, Array1::from_elem(5, 2.0));
    fused!((row = out.row_mut(0)) = || 0.0);
    fused!((row = out.row_mut(1)) *= |b| b);
    let vi = &mut out;
    fused!(vi = |vi, x = a.t()| vi + x);
}
