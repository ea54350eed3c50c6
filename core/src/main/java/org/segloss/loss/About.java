package org.segloss.loss;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What people should know of a loss: for lists, help and documentation.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface About {

    /// {@return the name in the text form}; by default the type's, beginning with a small letter
    String name() default "";

    /// {@return one sentence}
    String summary();

    /// {@return one line of plain text}
    String formula();

    /// {@return the formula for typesetting, in LaTeX}
    String tex() default "";

    /// {@return what values it takes}
    String range() default "";

    /// {@return when to use it}
    String use() default "";

    /// {@return when not to}
    String avoid() default "";

    /// {@return what it costs beside a Dice loss}
    String cost() default "As much as dice: two passes over the voxels.";

    /// {@return where it comes from}
    String source() default "";

    /// {@return why it has no option `background`}, for whom asks for it; nothing if it has one
    String noBackground() default "";
}
