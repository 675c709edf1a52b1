// What ImageJ sees in a file, without a window: size, slices, depth, pixel size and unit; then, as a
// hyperstack of C, Z and T, the value at (x, y) of every plane, T slowest and Z fastest.
// Arguments: FILE C Z T X Y

import ij.IJ;
import ij.ImagePlus;
import ij.measure.Calibration;
import ij.plugin.HyperStackConverter;
import java.util.Locale;

public class LookWithImagej {
    public static void main(String[] a) {
        int c = Integer.parseInt(a[1]), z = Integer.parseInt(a[2]), t = Integer.parseInt(a[3]);
        int x = Integer.parseInt(a[4]), y = Integer.parseInt(a[5]);
        ImagePlus image = IJ.openImage(a[0]);
        Calibration size = image.getCalibration();
        // The unit is spelled with ASCII: consoles differ.
        String unit = size.getUnit().replace("\u00b5", "u");
        System.out.printf(Locale.ROOT, "%d %d %d %d %.6f %.6f %s%n", image.getWidth(),
                image.getHeight(), image.getStackSize(), image.getBitDepth(), size.pixelWidth,
                size.pixelHeight, unit);
        ImagePlus stack = c * z * t > 1
                ? HyperStackConverter.toHyperStack(image, c, z, t, "xyzct", "grayscale") : image;
        for (int i = 0; i < t; i++)
            for (int j = 0; j < c; j++)
                for (int k = 0; k < z; k++)
                    System.out.printf(Locale.ROOT, "%.4f%n",
                            stack.getStack().getProcessor(stack.getStackIndex(j + 1, k + 1, i + 1))
                                    .getf(x, y));
    }
}
